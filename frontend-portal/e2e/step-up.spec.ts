import { expect, type Page, test } from '@playwright/test'

import { customer, demo, fits, look, open, phone } from './support'

// What matters asks once more who it is, with what that customer has: a code that is sent, for who has no password.

type Message = { kind: 'mail' | 'sms'; text: string; date: string }

async function confirmation(before: Date): Promise<string> {
  let code: string | undefined
  await expect(async () => {
    const all = (await (await fetch(`${demo.mailUrl}/api/messages`)).json()) as Message[]
    const found = all.find((one) => new Date(one.date) >= before && /bevestigingscode|je bevestigt|bevestig je/i.test(one.text))
    code = /\b(\d{4}) ?(\d{4})\b/
      .exec(found?.text ?? '')
      ?.slice(1)
      .join('')
    expect(code, 'a code to confirm with').toBeDefined()
  }).toPass({ timeout: 20_000 })
  return code ?? ''
}

/** As if the last password was over 15 minutes ago, for one request; and as if this customer had only `ways`. */
async function stale(page: Page, url: string, ways: string[]) {
  await page.route(
    url,
    (route) =>
      route.fulfill({ status: 403, contentType: 'application/problem+json', body: '{"status":403,"code":"step-up-required","title":"x"}' }),
    { times: 1 },
  )
  await page.route('**/portal/auth/step-up', (route) =>
    route.request().method() === 'GET' ? route.fulfill({ json: { ways } }) : route.fallback(),
  )
}

for (const [size, at] of [
  ['390', phone],
  ['1440', { viewport: { width: 1440, height: 900 } }],
] as const) {
  test(`who has no password confirms with a code that is sent, at ${size}`, async ({ browser }) => {
    test.setTimeout(90_000)
    const [context, page] = await open(browser, at)
    const who = customer('eva.dewit')
    await page.goto(`${demo.portalUrl}/${who.office}/login`)
    await page.getByLabel('Gebruikersnaam', { exact: false }).fill(who.username)
    await page.getByLabel('Wachtwoord', { exact: true }).fill(who.password)
    await page.getByRole('button', { name: 'Inloggen', exact: true }).click()
    await expect(page).not.toHaveURL(/login/)
    await page.goto(`${demo.portalUrl}/${who.office}/settings`)
    await page.getByRole('link', { name: /Instellen/ }).click()
    await stale(page, '**/portal/me/second-factor/setup', ['login_code'])
    await page.getByRole('button', { name: 'Instellen' }).click()
    const again = page.getByRole('dialog', { name: 'Even controleren dat jij het bent' })
    await expect(again.getByText('Daarom sturen we je nog een keer een code', { exact: false })).toBeVisible()
    await expect(again.getByText(/wachtwoord|passkey/i)).toHaveCount(0)
    await look(page, `portal-step-up-send-${size}`)
    await fits(page)
    const before = new Date(Date.now() - 1000)
    await again.getByRole('button', { name: 'Stuur mij een code' }).click()
    const field = again.getByLabel('Code van 8 cijfers')
    await expect(field).toBeFocused()
    await field.fill('00000000')
    await again.getByRole('button', { name: 'Verder' }).click()
    await expect(again.getByText(/Die code klopt niet/)).toBeVisible()
    await look(page, `portal-step-up-code-${size}`)
    await page.emulateMedia({ colorScheme: 'dark' })
    await look(page, `portal-step-up-code-${size}-dark`)
    await page.emulateMedia({ colorScheme: 'light' })
    await fits(page)
    await field.fill(await confirmation(before))
    await page.keyboard.press('Enter')
    await expect(page.getByRole('img', { name: 'QR-code om de app te koppelen' })).toBeVisible()
    await context.close()
  })
}

test('the dialog offers what this customer has, and says what helps who has nothing', async ({ browser }) => {
  const [context, page] = await open(browser, phone)
  const who = customer('eva.dewit')
  await page.goto(`${demo.portalUrl}/${who.office}/login`)
  await page.getByLabel('Gebruikersnaam', { exact: false }).fill(who.username)
  await page.getByLabel('Wachtwoord', { exact: true }).fill(who.password)
  await page.getByRole('button', { name: 'Inloggen', exact: true }).click()
  await expect(page).not.toHaveURL(/login/)
  const ask = async (ways: string[]) => {
    await page.goto(`${demo.portalUrl}/${who.office}/settings`)
    await page.getByRole('link', { name: /Instellen/ }).click()
    await stale(page, '**/portal/me/second-factor/setup', ways)
    await page.getByRole('button', { name: 'Instellen' }).click()
    return page.getByRole('dialog', { name: 'Even controleren dat jij het bent' })
  }
  const app = await ask(['code'])
  await expect(app.getByLabel('Code uit je app')).toBeFocused()
  await expect(app.getByText(/wachtwoord/i)).toHaveCount(0)
  const nothing = await ask([])
  await expect(nothing.getByText(/Log uit en opnieuw in/)).toBeVisible()
  await expect(nothing.getByRole('button', { name: 'Verder' })).toHaveCount(0)
  await look(page, 'portal-step-up-nothing')
  await nothing.getByRole('button', { name: 'Annuleren' }).click()
  await expect(page.getByText(/Zonder die controle gaat dit niet door/)).toBeVisible()
  await context.close()
})
