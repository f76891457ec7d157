import { type Browser, expect, type Page, test } from '@playwright/test'

import { customer, demo, desktop, employee, fits, look, open, phone, signIn } from './support'

// Inloggen op het klantportaal: the office looks into the portal as a customer, and changes nothing (B15, F4).

const why = 'Mevrouw belt: ze kan de offerte niet vinden.'
const api = `${demo.officeUrl}/api/v1`
const headers = { 'X-Voordeur': '1', Origin: demo.officeUrl }
const bar = (page: Page) => page.getByRole('region', { name: 'Meekijken' })

/** The dossier of a couple, found by the first applicant. */
async function couple(page: Page): Promise<string> {
  await page.goto(`${demo.officeUrl}/dossiers`)
  const answer = await page.request.get(`${api}/dossiers?q=${encodeURIComponent('De Wit')}`)
  const { items } = (await answer.json()) as { items: { id: string }[] }
  const [first] = items
  if (!first) throw new Error('no dossier of De Wit in the demo')
  return first.id
}

/** Opens the dialog, gives a reason and comes out in the portal. */
async function lookAs(page: Page, press: () => Promise<void>): Promise<Page> {
  await press()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Waarom kijk je mee?').fill(why)
  const [portal] = await Promise.all([
    page.context().waitForEvent('page'),
    dialog.getByRole('button', { name: 'Open het portaal' }).click(),
  ])
  await expect(bar(portal)).toBeVisible()
  return portal
}

/** What the customer reads about it, signed in elsewhere. */
async function settingsOf(browser: Browser, username: string, size: typeof phone | typeof desktop) {
  const who = customer(username)
  const [context, page] = await open(browser, size)
  await page.goto(`${demo.portalUrl}/${who.office}/login`)
  await page.getByLabel('Gebruikersnaam').fill(who.username)
  await page.getByLabel('Wachtwoord', { exact: true }).fill(who.password)
  await page.getByRole('button', { name: 'Inloggen' }).click()
  await expect(page.getByRole('link', { name: /Instellingen/ }).first()).toBeVisible()
  await page.goto(`${demo.portalUrl}/${who.office}/settings`)
  await expect(page.getByRole('heading', { name: 'Wie keek mee' })).toBeVisible()
  return { context, page, watched: page.getByRole('region', { name: 'Wie keek mee' }) }
}

test('an adviser looks along as the customer: everything shows, nothing can be changed, and the customer reads who it was', async ({
  browser,
}) => {
  const [context, page] = await open(browser, desktop)
  await signIn(page, 'adviser')
  await page.goto(`${demo.officeUrl}/dossiers/${await couple(page)}`)

  // Without a reason there is no way in.
  await page
    .getByRole('button', { name: /^Portaal bekijken als Eva/ })
    .first()
    .click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Open het portaal' }).click()
  await expect(dialog.getByText('Schrijf in minstens 10 tekens waarom.')).toBeVisible()
  await dialog.getByLabel('Waarom kijk je mee?').fill('te kort')
  await dialog.getByRole('button', { name: 'Open het portaal' }).click()
  await expect(dialog.getByText('Schrijf in minstens 10 tekens waarom.')).toBeVisible()
  await look(page, 'office-look-along')
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()

  const portal = await lookAs(page, () => page.keyboard.press('p'))
  await expect(bar(portal)).toContainText('je kijkt mee als Eva de Wit')
  await expect(bar(portal)).toContainText(/Nog (30|29) minuten/)
  expect(portal.url()).not.toContain('#')
  await expect(portal.getByRole('heading', { level: 1 })).toContainText('Eva')
  await fits(portal)
  await look(portal, 'portal-look-along-1440')

  // What writes stays in sight and does nothing.
  const deliver = portal.getByRole('button', { name: /Nu aanleveren/ }).first()
  await expect(deliver).toHaveAttribute('aria-disabled', 'true')
  await deliver.click({ force: true })
  await expect(portal.getByText('Je kijkt mee: je kunt niets wijzigen.')).toBeVisible()
  await expect(portal.getByRole('dialog')).toBeHidden()
  const refused = await portal.evaluate(async () => {
    const answer = await fetch('/api/v1/portal/me/preferences', {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json', 'X-Voordeur': '1', 'X-Voordeur-View': '1', 'If-Match': '"1"' },
      body: JSON.stringify({ notifications: [] }),
    })
    return [answer.status, ((await answer.json()) as { code: string }).code]
  })
  expect(refused).toEqual([403, 'looking-along'])

  // On a phone, and after a reload, the bar is still there.
  await portal.setViewportSize(phone.viewport)
  await portal.reload()
  await expect(bar(portal)).toBeVisible()
  await fits(portal)
  await look(portal, 'portal-look-along-390')
  await portal.getByRole('link', { name: 'Meer' }).click()
  await expect(portal.getByRole('heading', { name: 'Wie keek mee' })).toBeVisible()
  await expect(portal.getByRole('button', { name: 'Uitloggen' })).toBeHidden()
  await expect(portal.getByText('Waar ben ik ingelogd')).toBeHidden()
  await look(portal, 'portal-look-along-settings-390')

  await bar(portal).getByRole('button', { name: 'Stoppen' }).click()
  await expect(portal.getByRole('heading', { name: 'Meekijken is gestopt' })).toBeVisible()
  await look(portal, 'portal-look-along-ended')
  await portal.getByRole('link', { name: 'Terug naar het dossier' }).click()
  await expect(portal.getByRole('heading', { level: 1, name: /De Wit/ })).toBeVisible()
  await expect(portal.getByText('keek mee in het portaal als Eva de Wit').first()).toBeVisible()
  await expect(portal.getByText('stopte met meekijken als Eva de Wit').first()).toBeVisible()

  const eva = await settingsOf(browser, 'eva.dewit', phone)
  await expect(eva.watched).toContainText(`${employee('adviser').name} van Brugwachter`)
  await expect(eva.watched).toContainText(why)
  await fits(eva.page)
  await look(eva.page, 'portal-who-looked-along-390')
  await eva.context.close()
  await context.close()
})

test('looking along as the partner, beside a customer who is signed in in the same browser', async ({ browser }) => {
  const [context, page] = await open(browser, desktop)
  await signIn(page, 'adviser', 'brugwachter', { fresh: true })
  const dossier = await couple(page)
  // Somebody's own login in this browser.
  const own = await context.newPage()
  const who = customer('testklant')
  await own.goto(`${demo.portalUrl}/${who.office}/login`)
  await own.getByLabel('Gebruikersnaam').fill(who.username)
  await own.getByLabel('Wachtwoord', { exact: true }).fill(who.password)
  await own.getByRole('button', { name: 'Inloggen' }).click()
  await expect(own.getByRole('link', { name: /Instellingen/ }).first()).toBeVisible()

  await page.goto(`${demo.officeUrl}/dossiers/${dossier}`)
  const portal = await lookAs(page, async () => {
    await page.getByRole('button', { name: 'Kies een ander portaallid' }).click()
    await page.getByRole('menuitem', { name: /Portaal bekijken als Ruben/ }).click()
  })
  await expect(bar(portal)).toContainText('je kijkt mee als Ruben')
  await own.reload()
  await expect(own.getByRole('link', { name: /Instellingen/ }).first()).toBeVisible()
  await expect(bar(own)).toBeHidden()

  // A ticket works once: the way in that was used leads nowhere, and says so.
  const used = await context.newPage()
  await used.goto(`${demo.portalUrl}/brugwachter/view#${'x'.repeat(43)}`)
  await expect(used.getByRole('heading', { name: 'Meekijken is niet begonnen' })).toBeVisible()
  await expect(used.getByText('hij werkt één keer, binnen een minuut')).toBeVisible()
  await look(used, 'portal-look-along-ticket')

  // Signing out at the office ends it, at the next request; the customer's own login goes on.
  await page.request.post(`${api}/auth/logout`, { headers })
  await portal.reload()
  await expect(portal.getByRole('heading', { name: 'Meekijken is gestopt' })).toBeVisible()
  await expect(portal.getByText('Je bent uitgelogd op kantoor, en daarmee ook hier.')).toBeVisible()
  await own.reload()
  await expect(own.getByRole('link', { name: /Instellingen/ }).first()).toBeVisible()
  await context.close()
})

test('the right is taken away while somebody looks along, and who has no right sees no way in', async ({ browser }) => {
  const [adminContext, admin] = await open(browser, desktop)
  await signIn(admin, 'admin')
  const [context, page] = await open(browser, desktop)
  await signIn(page, 'adviser')
  await page.goto(`${demo.officeUrl}/dossiers/${await couple(page)}`)
  const portal = await lookAs(page, () =>
    page
      .getByRole('button', { name: /^Portaal bekijken als Eva/ })
      .first()
      .click(),
  )

  type Rights = { roles: { role: string; permissions: string[] }[]; version: number }
  const read = async () => (await (await admin.request.get(`${api}/role-rights`)).json()) as Rights
  const adviser = (await read()).roles.find((role) => role.role === 'adviser')?.permissions ?? []
  const give = async (permissions: string[]) => {
    const now = await read()
    const answer = await admin.request.patch(`${api}/role-rights`, {
      headers: { ...headers, 'If-Match': `"${now.version}"` },
      data: { roles: [{ role: 'adviser', permissions }] },
    })
    expect(answer.status(), await answer.text()).toBe(200)
  }
  await give(adviser.filter((one) => one !== 'member:view_as'))
  await portal.reload()
  await expect(portal.getByText('Je mag niet meer meekijken.')).toBeVisible()
  await page.reload()
  await expect(page.getByRole('heading', { level: 1, name: /De Wit/ })).toBeVisible()
  await expect(page.getByRole('button', { name: /^Portaal bekijken als/ })).toHaveCount(0)
  await give(adviser)
  await context.close()
  await adminContext.close()
})
