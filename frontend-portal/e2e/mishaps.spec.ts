import { type Browser, expect, type Page, test } from '@playwright/test'

import { customer, demo, fits, look, open, pdf, phone } from './support'

// What goes wrong on the way, on a phone in a train: a lost connection, a session that ended, a back button, two tabs.

const chosen = (page: Page) => page.getByRole('list', { name: 'Gekozen bestanden' }).getByRole('listitem')

async function signIn(page: Page, username: string) {
  const who = customer(username)
  await page.getByLabel('Gebruikersnaam').fill(who.username)
  await page.getByLabel('Wachtwoord', { exact: true }).fill(who.password)
  await page.getByRole('button', { name: 'Inloggen' }).click()
}

async function inside(browser: Browser, username: string) {
  const [context, page] = await open(browser, phone)
  await page.goto(`${demo.portalUrl}/brugwachter/login`)
  await signIn(page, username)
  await expect(page.getByText('Sanne Verhulst').first()).toBeVisible()
  return { context, page }
}

/** Opens the page of an action point that is still asked, and returns its address. */
async function asked(page: Page, title: RegExp) {
  await page.getByRole('link', { name: title }).first().click()
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible()
  return page.url()
}

async function deliver(page: Page) {
  await page
    .getByRole('button', { name: /Nu aanleveren/ })
    .first()
    .click()
  await expect(page.getByTestId('files')).toBeAttached()
}

/** A PDF that takes two pieces, so that there is a middle. */
const large = (name: string) => {
  const real = pdf('Groot')
  const at = real.indexOf('xref')
  // Padding before the table, in a comment: readers that look for startxref rebuild the table, checks see a whole PDF.
  return {
    name,
    mimeType: 'application/pdf',
    buffer: Buffer.concat([real.subarray(0, at), Buffer.from(`%${' '.repeat(7_000_000)}\n`), real.subarray(at)]),
  }
}

test('a link in two tabs: the second says that it has been used', async ({ browser }) => {
  const link = demo.links.find((one) => one.state === 'usable' && one.username === 'anil.ramdin@post.example')
  if (!link) throw new Error('the demo has no such link')
  const [context, first] = await open(browser, phone)
  const second = await context.newPage()
  for (const page of [first, second]) {
    await page.goto(link.url)
    await page.getByLabel('Nieuw wachtwoord').fill('een zin die niemand raadt')
  }
  await first.getByRole('button', { name: 'Wachtwoord opslaan' }).click()
  await expect(first.getByText('Je wachtwoord is opgeslagen')).toBeVisible()
  await second.getByRole('button', { name: 'Wachtwoord opslaan' }).click()
  await expect(second.getByRole('heading', { name: 'Deze link is al gebruikt' })).toBeVisible()
  await expect(second.getByRole('link', { name: 'Naar inloggen' })).toBeVisible()
  await look(second, 'portal-link-used-meanwhile')
  await context.close()
})

test('the connection drops in the middle of a file and comes back', async ({ browser }) => {
  const { context, page } = await inside(browser, 'bas.hofman@post.example')
  await asked(page, /Koopovereenkomst/)
  await deliver(page)
  let pieces = 0
  await page.route('**/api/v1/portal/uploads/*', async (route) => {
    if (route.request().method() === 'PATCH' && ++pieces === 2) await context.setOffline(true)
    await route.continue().catch(() => {})
  })
  await page.getByTestId('files').setInputFiles(large('koopovereenkomst.pdf'))
  await expect(chosen(page)).toContainText('Geen verbinding. We gaan vanzelf verder.')
  await look(page, 'portal-deliver-waiting')
  await context.setOffline(false)
  await expect(chosen(page)).toContainText('Klaar', { timeout: 20_000 })
  // What had arrived was not sent again.
  expect(pieces).toBeLessThanOrEqual(3)
  await page.getByRole('button', { name: 'Indienen' }).click()
  await expect(page.getByText('In beoordeling').first()).toBeVisible()
  await context.close()
})

test('at the door: without a connection it says so at once, and a first visit by a link is not told of having been away', async ({ browser }) => {
  const [context, page] = await open(browser, phone)
  await page.goto(`${demo.portalUrl}/brugwachter/documents`)
  await expect(page.getByLabel('Gebruikersnaam')).toBeVisible()
  await expect(page.getByText('Je was een tijdje weg')).toHaveCount(0)
  await context.setOffline(true)
  await signIn(page, 'eva.dewit')
  await expect(page.getByText('Geen verbinding. Er is niets verstuurd; probeer het zo opnieuw.')).toBeVisible()
  await look(page, 'portal-login-offline')
  await context.setOffline(false)
  await page.getByRole('button', { name: 'Inloggen' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Belangrijke documenten' })).toBeVisible()
  await context.close()
})

test('the session ends in the middle of a file: sign in again and go on at the same place', async ({ browser }) => {
  const { context, page } = await inside(browser, 'bas.hofman@post.example')
  const address = await asked(page, /Taxatierapport/)
  await deliver(page)
  await page.route('**/api/v1/portal/uploads/*', async (route) => {
    if (route.request().method() === 'PATCH') await context.clearCookies()
    await route.continue().catch(() => {})
  })
  await page.getByTestId('files').setInputFiles(large('taxatie.pdf'))
  await expect(chosen(page)).toContainText('Je bent niet meer ingelogd')
  await look(page, 'portal-deliver-signed-out')
  await page.getByRole('button', { name: 'Opnieuw inloggen' }).click()
  await expect(page.getByText('Je was een tijdje weg')).toBeVisible()
  await page.unroute('**/api/v1/portal/uploads/*')
  await signIn(page, 'bas.hofman@post.example')
  await expect(page).toHaveURL(address)
  await expect(page.getByRole('button', { name: /Nu aanleveren/ })).toBeVisible()
  await context.close()
})

test('the back button and a reload ask first', async ({ browser }) => {
  const { context, page } = await inside(browser, 'fenna.kooistra@post.example')
  const address = await asked(page, /Foto|woning|polis|Inboedel/)
  await deliver(page)
  await page.getByTestId('files').setInputFiles({ name: 'foto.pdf', mimeType: 'application/pdf', buffer: pdf('Foto') })
  await expect(chosen(page)).toContainText('Klaar')
  await page.goBack()
  await expect(page.getByRole('alertdialog')).toContainText('Je bestand wordt dan niet verstuurd.')
  await expect(page).toHaveURL(address)
  await page.getByRole('button', { name: 'Verder met aanleveren' }).click()
  await expect(chosen(page)).toContainText('Klaar')

  const warned = page.waitForEvent('dialog')
  void page.reload().catch(() => {})
  const warning = await warned
  expect(warning.type()).toBe('beforeunload')
  await warning.dismiss()
  await expect(chosen(page)).toContainText('Klaar')

  await page.goBack()
  await page.getByRole('button', { name: 'Toch sluiten' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.goBack()
  await expect(page.getByRole('heading', { name: /Jouw beurt/ })).toBeVisible()
  await context.close()
})

test('two tabs and a double tap: it is handed in once', async ({ browser }) => {
  const { context, page } = await inside(browser, 'kwame.osei@post.example')
  const address = await asked(page, /Taxatierapport/)
  const other = await context.newPage()
  await other.goto(address)
  for (const tab of [page, other]) {
    await deliver(tab)
    await tab.getByTestId('files').setInputFiles({ name: 'rapport.pdf', mimeType: 'application/pdf', buffer: pdf('Rapport') })
    await expect(chosen(tab)).toContainText('Klaar')
  }
  await page.getByRole('button', { name: 'Indienen' }).dblclick()
  await expect(page.getByText('In beoordeling').first()).toBeVisible()
  await expect(page.getByRole('heading', { level: 3, name: /leverde dit aan/ })).toHaveCount(1)
  await expect(page.getByRole('alert')).toHaveCount(0)
  await other.getByRole('button', { name: 'Indienen' }).click()
  await expect(other.getByRole('alert')).toContainText('kan nu niets worden aangeleverd')
  await look(other, 'portal-deliver-too-late')
  await context.close()
})

test('delivering with the keyboard alone', async ({ browser }) => {
  const { context, page } = await inside(browser, 'kwame.osei@post.example')
  const title = 'Bankafschrift spaargeld'
  const press = async (target: ReturnType<Page['locator']>) => {
    for (let i = 0; i < 60; i++) {
      if (await target.evaluate((element) => element === document.activeElement)) return page.keyboard.press('Enter')
      await page.keyboard.press('Tab')
    }
    throw new Error('not reachable with Tab')
  }
  await press(page.getByRole('link', { name: title }).first())
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible()
  await press(page.getByRole('button', { name: /Nu aanleveren/ }))
  await expect(page.getByRole('dialog')).toBeVisible()
  const chooser = page.waitForEvent('filechooser')
  await press(page.getByRole('button', { name: 'Kies bestand' }))
  await (await chooser).setFiles({ name: 'afschrift.pdf', mimeType: 'application/pdf', buffer: pdf('Afschrift') })
  await expect(chosen(page)).toContainText('Klaar')
  await press(page.getByRole('button', { name: 'Indienen' }))
  await expect(page.getByText('In beoordeling').first()).toBeVisible()
  await press(page.getByRole('button', { name: 'Terughalen' }))
  const question = page.getByRole('dialog')
  await expect(question).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(question).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Terughalen' })).toBeFocused()
  await context.close()
})

test('an address that is not there leads back to the overview', async ({ browser }) => {
  const { context, page } = await inside(browser, 'bas.hofman@post.example')
  for (const path of [
    'bestaat-niet',
    'action-points/00000000-0000-4000-8000-000000000000',
    'products/00000000-0000-4000-8000-000000000000',
  ]) {
    await page.goto(`${demo.portalUrl}/brugwachter/${path}`)
    await expect(page.getByRole('heading', { level: 1, name: 'Dit staat er niet (meer)' })).toBeVisible()
    await expect(page.getByRole('link', { name: 'Brugwachter' }).first()).toBeVisible()
    await look(page, `portal-not-there-${path.split('/')[0]}`)
    await page.getByRole('link', { name: 'Naar je overzicht' }).click()
    await expect(page.getByRole('heading', { name: /Jouw beurt/ })).toBeVisible()
  }
  await context.close()
})

test('a formal office greets as it writes, and English is English everywhere', async ({ browser }) => {
  const [context, page] = await open(browser, phone)
  await page.goto(`${demo.portalUrl}/lindenhof/login`)
  const who = customer('c.vanheemstra', 'lindenhof')
  await page.getByLabel('Gebruikersnaam').fill(who.username)
  await page.getByLabel('Wachtwoord', { exact: true }).fill(who.password)
  await page.getByRole('button', { name: 'Inloggen' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Dag mevrouw Van Heemstra' })).toBeVisible()
  await page.evaluate(() => localStorage.setItem('locale', 'en'))
  for (const path of ['', '/documents', '/settings', '/niets']) {
    await page.goto(`${demo.portalUrl}/lindenhof${path}`)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    // Words of the office itself stay as it wrote them; these are ours.
    await expect(page.locator('body')).not.toContainText(/Jouw|beurt|Documenten|Instellingen|Uitloggen|Opnieuw|Ingediend|Mijn overzicht/)
  }
  await expect(page.getByRole('link', { name: 'Go to your overview' })).toBeVisible()
  await context.close()
})

test('text at twice its size still fits a phone', async ({ browser }) => {
  const { context, page } = await inside(browser, 'bas.hofman@post.example')
  await context.addInitScript(() => {
    addEventListener('DOMContentLoaded', () => (document.documentElement.style.fontSize = '200%'))
  })
  const dossier = (await page.evaluate(async () => {
    const list = (await (await fetch('/api/v1/portal/dossiers')).json()) as { items: { id: string }[] }
    return (await fetch(`/api/v1/portal/dossiers/${list.items[0]?.id}`)).json()
  })) as { products: { id: string }[]; actionPoints: { id: string }[] }
  const pages = [
    '',
    '/documents',
    '/settings',
    '/login',
    '/forgot',
    `/products/${dossier.products[0]?.id}`,
    `/action-points/${dossier.actionPoints[0]?.id}`,
  ]
  for (const path of pages) {
    await page.goto(`${demo.portalUrl}/brugwachter${path}`)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await fits(page)
    await page.screenshot({ path: test.info().outputPath(`zoom${path.replaceAll('/', '-')}.png`), fullPage: true })
  }
  await page.goto(`${demo.portalUrl}/brugwachter`)
  await deliver(page)
  await fits(page)
  await look(page, 'portal-deliver-large-text')
  await expect(page.getByRole('button', { name: 'Indienen' })).toBeInViewport()
  await context.close()
})
