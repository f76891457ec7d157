import { createHash, randomBytes } from 'node:crypto'

import { type Browser, expect, type Page, test } from '@playwright/test'

import { customer, demo, fits, look, open, phone, signIn, wide } from './support'

const back = 'https://app.example/back'

type App = { id: string; secret: string; name: string }

/** An administrator lets an app in, as the office's screen does. */
async function register(browser: Browser, name: string): Promise<App> {
  const [context, page] = await open(browser, wide)
  await signIn(page, 'admin')
  const made = await page.evaluate(
    async (body) => {
      const answer = await fetch('/api/v1/api-clients', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-voordeur': '1' },
        body: JSON.stringify(body),
      })
      return (await answer.json()) as { client: { id: string }; secret: string }
    },
    { kind: 'app', name, scopes: ['portal.dossiers:read', 'portal.documents:read'], redirectUris: [back], confidential: true },
  )
  await context.close()
  return { id: made.client.id, secret: made.secret, name }
}

const verifier = randomBytes(40).toString('base64url')

const asking = (app: App, more: Record<string, string> = {}) =>
  `${demo.portalUrl}/api/v1/oauth/authorize?${new URLSearchParams({
    client_id: app.id,
    response_type: 'code',
    redirect_uri: back,
    state: '007 & more',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...more,
  })}`

/** Stands in for the app's own page, and says what came back. */
async function catchAnswer(page: Page): Promise<() => Promise<URLSearchParams>> {
  let got: URLSearchParams | undefined
  await page.route(`${back}**`, (route) => {
    got = new URL(route.request().url()).searchParams
    return route.fulfill({ contentType: 'text/html', body: '<h1>De app</h1>' })
  })
  return async () => {
    await expect(page.getByRole('heading', { name: 'De app' })).toBeVisible()
    const answer = got ?? new URLSearchParams()
    got = undefined
    return answer
  }
}

async function exchange(page: Page, app: App, form: Record<string, string>) {
  const answer = await page.request.post(`${demo.portalUrl}/api/v1/oauth/token`, {
    form: { client_id: app.id, client_secret: app.secret, ...form },
  })
  return { status: answer.status(), body: (await answer.json()) as { access_token: string; refresh_token: string } }
}

for (const [size, at] of [
  ['390', phone],
  ['1440', { viewport: { width: 1440, height: 900 } }],
] as const) {
  test(`a customer lets an app in, sees it, and shuts it out, at ${size}`, async ({ browser }) => {
    test.setTimeout(120_000)
    const app = await register(browser, `Huishoudboekje ${size}`)
    const [context, page] = await open(browser, at)
    const answered = await catchAnswer(page)
    const who = customer('eva.dewit')

    // Not signed in yet: the login first, and then the question.
    await page.goto(asking(app))
    await page.getByLabel('Gebruikersnaam', { exact: false }).fill(who.username)
    await page.getByLabel('Wachtwoord', { exact: true }).fill(who.password)
    await page.getByRole('button', { name: 'Inloggen' }).click()
    await expect(page.getByRole('heading', { level: 1, name: `Mag ${app.name} bij je gegevens?` })).toBeVisible()
    await expect(page.getByText(`Je bent ingelogd als ${who.name}`, { exact: false })).toBeVisible()
    await expect(page.getByRole('list', { name: `Wat ${app.name} mag` }).getByRole('listitem')).toHaveCount(2)
    await look(page, `portal-consent-${size}`)
    await fits(page)

    // Refusing, and then allowing.
    await page.getByRole('button', { name: 'Weigeren' }).click()
    const no = await answered()
    expect(no.get('error')).toBe('access_denied')
    expect(no.get('state')).toBe('007 & more')
    expect(no.get('iss')).toBe(demo.portalUrl)
    await page.goto(asking(app))
    await page.getByRole('button', { name: 'Toestaan' }).click()
    const code = (await answered()).get('code') ?? ''
    const wrong = await exchange(page, app, { grant_type: 'authorization_code', code, redirect_uri: back, code_verifier: 'x'.repeat(50) })
    expect(wrong.status).toBe(400)
    await page.goto(asking(app))
    await page.getByRole('button', { name: 'Toestaan' }).click()
    const tokens = await exchange(page, app, {
      grant_type: 'authorization_code',
      code: (await answered()).get('code') ?? '',
      redirect_uri: back,
      code_verifier: verifier,
    })
    expect(tokens.status).toBe(200)
    const asApp = async () =>
      (
        await page.request.get(`${demo.portalUrl}/api/v1/portal/dossiers`, {
          headers: { authorization: `Bearer ${tokens.body.access_token}` },
        })
      ).status()
    expect(await asApp()).toBe(200)

    // Under settings, and out again.
    await page.goto(`${demo.portalUrl}/${who.office}/settings`)
    const section = page.getByRole('region', { name: 'Apps met toegang' })
    await expect(section).toContainText(app.name)
    await expect(section).toContainText('laatst gebruikt')
    await look(page, `portal-apps-${size}`)
    await fits(page)
    await section.getByRole('button', { name: `Trek in de toegang van ${app.name}` }).click()
    await expect(section).toBeHidden()
    expect(await asApp()).toBe(401)
    expect((await exchange(page, app, { grant_type: 'refresh_token', refresh_token: tokens.body.refresh_token })).status).toBe(400)
    await context.close()
  })
}

test('an app that asks wrongly gets nothing, and who is asked reads why', async ({ browser }) => {
  test.setTimeout(90_000)
  const app = await register(browser, 'Slordige app')
  const [context, page] = await open(browser, phone)
  const answered = await catchAnswer(page)
  const who = customer('eva.dewit')
  await page.goto(`${demo.portalUrl}/${who.office}/login`)
  await page.getByLabel('Gebruikersnaam', { exact: false }).fill(who.username)
  await page.getByLabel('Wachtwoord', { exact: true }).fill(who.password)
  await page.getByRole('button', { name: 'Inloggen' }).click()
  await expect(page).not.toHaveURL(/login/)

  await page.goto(asking(app, { redirect_uri: 'https://evil.example/back' }))
  await expect(page.getByRole('heading', { level: 1, name: 'Deze app krijgt geen toegang' })).toBeVisible()
  await expect(page.getByRole('link', { name: /Terug naar/ })).toHaveCount(0)
  await look(page, 'portal-consent-elsewhere-390')
  await fits(page)

  await page.goto(asking(app, { code_challenge_method: 'plain' }))
  await expect(page.getByRole('heading', { level: 1, name: 'De app vroeg iets dat niet kan' })).toBeVisible()
  await look(page, 'portal-consent-mistake-390')
  await page.getByRole('link', { name: 'Terug naar Slordige app' }).click()
  expect((await answered()).get('error')).toBe('invalid_request')
  await context.close()
})
