import { type Browser, expect, test } from '@playwright/test'

import { demo, desktop, employee, fits, look, open, phone, signIn } from './support'

async function asked(browser: Browser, role: 'admin' | 'adviser' | 'back_office' | 'viewer') {
  const [context, page] = await open(browser, desktop)
  await signIn(page, role)
  return { context, page }
}

test('the password alone opens nothing, and a wrong one says so', async ({ browser }) => {
  const [context, page] = await open(browser, desktop)
  const sanne = employee('adviser')
  await page.goto(`${demo.officeUrl}/dossiers`)
  await expect(page.getByRole('heading', { level: 1, name: 'Inloggen' })).toBeVisible()
  await look(page, 'office-login')

  await page.getByRole('button', { name: 'Inloggen' }).click()
  await expect(page.getByText('Vul je e-mailadres in')).toBeVisible()
  await look(page, 'office-login-empty')

  await page.getByLabel('E-mailadres').fill(sanne.email)
  await page.getByLabel('Wachtwoord', { exact: true }).fill('niet het goede wachtwoord')
  await page.getByRole('button', { name: 'Inloggen' }).click()
  await expect(page.getByRole('alert')).toBeVisible()

  await page.getByLabel('Wachtwoord', { exact: true }).fill(sanne.password)
  await page.getByRole('button', { name: 'Inloggen' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Nog één stap' })).toBeVisible()
  await look(page, 'office-login-code')
  const half = await page.request.get(`${demo.officeUrl}/api/v1/dossiers`)
  expect(half.status()).toBe(401)
  await page.getByLabel('Code').fill('000000')
  await expect(page.getByRole('alert')).toBeVisible()
  await context.close()
})

test('the list shows whose turn it is, and finds a dossier by name, number and e-mail address', async ({ browser }) => {
  const { context, page } = await asked(browser, 'adviser')
  await page.goto(`${demo.officeUrl}/dossiers`)
  await expect(page.getByRole('heading', { level: 1, name: 'Dossiers' })).toBeVisible()
  await expect(page.getByRole('row').filter({ hasText: 'De Wit en Timmer' })).toBeVisible()
  // The test client comes first (D1).
  await expect(
    page
      .getByRole('row')
      .filter({ hasText: /D-\d{4}-/ })
      .first(),
  ).toContainText('Testklant')
  await look(page, 'office-dossiers')
  await page.emulateMedia({ colorScheme: 'dark' })
  await look(page, 'office-dossiers-dark')
  await page.emulateMedia({ colorScheme: 'light' })

  const rows = page.getByRole('row').filter({ hasText: /D-\d{4}-/ })
  const search = page.getByRole('searchbox')
  await search.fill('amrani')
  await expect(rows).toHaveCount(1)
  await expect(page).toHaveURL(/q=amrani/)
  await search.fill('karim@post.example')
  await expect(rows).toHaveCount(1)
  await expect(rows).toContainText('El Amrani')
  await search.fill('0399')
  await expect(rows).toContainText('Oosterhuis')
  await search.fill('er is niemand die zo heet')
  await expect(page.getByText('Geen dossier past hierbij')).toBeVisible()
  await look(page, 'office-dossiers-none')
  await page.getByRole('button', { name: 'Wis alle filters' }).click()

  await page
    .getByRole('navigation', { name: 'Weergaven' })
    .getByRole('link', { name: /Portaal niet actief/ })
    .click()
  await expect(rows.filter({ hasText: 'Nijland' })).toBeVisible()
  await expect(rows.filter({ hasText: 'De Wit en Timmer' })).toHaveCount(0)
  await page.reload()
  await expect(rows.filter({ hasText: 'Nijland' })).toBeVisible()
  await context.close()
})

test('every tab of a dossier, the clients and the review queue', async ({ browser }) => {
  const { context, page } = await asked(browser, 'adviser')
  await page.goto(`${demo.officeUrl}/dossiers?q=timmer`)
  await page.getByRole('link', { name: 'De Wit en Timmer' }).first().click()
  await expect(page.getByRole('heading', { level: 1, name: 'De Wit en Timmer' })).toBeVisible()
  await expect(page.getByText('Kersenlaan').first()).toBeVisible()
  await look(page, 'office-dossier')
  const tabs = page.getByRole('navigation', { name: 'Onderdelen van dit dossier' })
  for (const [name, shot] of [
    [/Actiepunten/, 'points'],
    [/Documenten/, 'documents'],
    [/Tijdlijn/, 'timeline'],
    [/Portaal/, 'portal'],
  ] as const) {
    await tabs.getByRole('link', { name }).click()
    await expect(tabs.getByRole('link', { name })).toHaveAttribute('aria-current', 'page')
    await look(page, `office-dossier-${shot}`)
  }
  await page.goto(`${demo.officeUrl}/review`)
  await expect(page.getByRole('region', { name: 'Beoordeling' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Document', exact: true })).toBeVisible()
  await look(page, 'office-review')

  await page.goto(`${demo.officeUrl}/clients`)
  await expect(page.getByText('Testklant Brugwachter').first()).toBeVisible()
  await look(page, 'office-clients')
  await page.getByRole('link', { name: 'El Amrani' }).first().click()
  await expect(page.getByRole('heading', { level: 1, name: 'El Amrani' })).toBeVisible()
  await look(page, 'office-client')
  await context.close()
})

test('a new dossier says at the field what is wrong, and that a username is taken', async ({ browser }) => {
  const { context, page } = await asked(browser, 'back_office')
  await page.goto(`${demo.officeUrl}/dossiers/new`)
  await page.getByRole('button', { name: 'Dossier maken' }).click()
  await expect(page.getByLabel('Voornaam')).toHaveAttribute('aria-invalid', 'true')
  await expect(page.getByText('Vul de voornaam van aanvrager 1 in').first()).toBeVisible()
  await look(page, 'office-new-dossier-empty')

  const first = page.getByRole('region', { name: 'Aanvrager 1' })
  await first.getByLabel('Voornaam').fill('Eva')
  await first.getByLabel('Achternaam').fill('Dubbel')
  await first.getByLabel('E-mailadres').fill('geen adres')
  await page.getByRole('button', { name: 'Dossier maken' }).click()
  await expect(first.getByLabel('E-mailadres')).toHaveAttribute('aria-invalid', 'true')
  await first.getByLabel('E-mailadres').fill('eva.dubbel@post.example')
  // The address is the username until somebody chooses another (A1).
  await expect(first.getByLabel('Gebruikersnaam')).toHaveValue('eva.dubbel@post.example')
  await first.getByLabel('Gebruikersnaam').fill('Eva.DeWit')
  await expect(first.getByText(/al in gebruik/)).toBeVisible()
  await page.getByRole('button', { name: 'Dossier maken' }).click()
  await expect(first.getByLabel('Gebruikersnaam')).toHaveAttribute('aria-invalid', 'true')
  await expect(page).toHaveURL(/dossiers\/new/)
  await look(page, 'office-new-dossier-taken')
  await context.close()
})

test('who only looks along finds nothing to write with', async ({ browser }) => {
  const { context, page } = await asked(browser, 'viewer')
  await page.goto(`${demo.officeUrl}/dossiers`)
  await expect(page.getByRole('row').filter({ hasText: 'De Wit en Timmer' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Nieuw dossier' })).toHaveCount(0)
  await page.getByRole('link', { name: 'De Wit en Timmer' }).first().click()
  await expect(page.getByRole('heading', { level: 1, name: 'De Wit en Timmer' })).toBeVisible()
  for (const name of [/^Actiepunt$/, /Uitnodiging versturen/, /Goedkeuren/, /Afkeuren/, /Meer acties/]) {
    await expect(page.getByRole('button', { name })).toHaveCount(0)
  }
  await look(page, 'office-viewer-dossier')
  await page.goto(`${demo.officeUrl}/dossiers/new`)
  await expect(page.getByText('Dit mag je niet met jouw rol')).toBeVisible()
  await look(page, 'office-viewer-new')
  await context.close()
})

test('the office gives the portal its own face', async ({ browser }) => {
  const [context, page] = await open(browser, desktop)
  await signIn(page, 'admin', 'lindenhof')
  await page.goto(`${demo.officeUrl}/settings/portal`)
  await expect(page.getByRole('heading', { level: 1, name: 'Portaal' })).toBeVisible()
  await look(page, 'office-branding')
  await page.getByRole('textbox', { name: /^Titel/ }).fill('Welkom bij Lindenhof.')
  await page.getByLabel('Kleur', { exact: true }).fill('#0f6b5c')
  await page.getByRole('button', { name: 'Publiceren' }).click()
  await expect(page.getByText('Gepubliceerd', { exact: false }).first()).toBeVisible()

  const [visit, portal] = await open(browser, desktop)
  await portal.goto(`${demo.portalUrl}/lindenhof/login`)
  await expect(portal.getByText('Welkom bij Lindenhof.')).toBeVisible()
  await portal.setViewportSize(phone.viewport)
  await fits(portal)
  await look(portal, 'portal-lindenhof-login')
  const colour = await portal.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--brand').trim())
  expect(colour).toBe('#0f6b5c')
  await visit.close()
  await context.close()
})
