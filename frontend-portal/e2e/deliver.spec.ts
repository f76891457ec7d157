import { type Browser, expect, type Page, test } from '@playwright/test'

import { customer, demo, fits, look, open, pdf, phone, wide } from './support'

// Every screen behind the door, and what happens with a file that cannot be taken.

async function inside(
  browser: Browser,
  username: string,
  size: typeof phone | typeof wide = phone,
  more: { language?: string; colorScheme?: 'dark' } = {},
  office = 'brugwachter',
) {
  const who = customer(username, office)
  const { language, ...device } = more
  const [context, page] = await open(browser, size, device)
  if (language) await context.addInitScript((code) => localStorage.setItem('locale', code), language)
  await page.goto(`${demo.portalUrl}/${office}/login`)
  await page.locator('input[autocomplete^="username"]').fill(who.username)
  await page.locator('input[autocomplete="current-password"]').fill(who.password)
  await page.locator('button[type="submit"]').click()
  await expect(page).toHaveURL(new RegExp(`/${office}/?$`))
  return { context, page }
}

async function openDelivery(page: Page, title: RegExp) {
  await page.getByRole('link', { name: title }).first().click()
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible()
  await page
    .getByRole('button', { name: /Nu aanleveren/ })
    .first()
    .click()
  await expect(page.locator('input[type=file]').first()).toBeAttached()
}

for (const [name, size] of [
  ['390', phone],
  ['1280', wide],
] as const) {
  test(`every screen of the portal at ${name}`, async ({ browser }) => {
    test.setTimeout(120_000)
    const { context, page } = await inside(browser, 'eva.dewit', size)
    await expect(page.getByText('Sanne Verhulst').first()).toBeVisible()
    await expect(page.getByText('Daan Okkerse').first()).toBeVisible()
    await expect(page.getByText('Opnieuw gevraagd').first()).toBeVisible()
    await fits(page)
    await look(page, `portal-overview-${name}`)

    await page
      .getByRole('link', { name: /Hypotheek/ })
      .first()
      .click()
    await expect(page.getByRole('heading', { level: 1, name: 'Hypotheek' })).toBeVisible()
    await expect(page.getByText('€ 412.500').first()).toBeVisible()
    await fits(page)
    await look(page, `portal-product-${name}`)

    await page.goto(`${demo.portalUrl}/brugwachter/documents`)
    await expect(page.getByText(/Adviesrapport/).first()).toBeVisible()
    await expect(page.getByText(/Notitie van het intakegesprek/)).toHaveCount(0)
    await fits(page)
    await look(page, `portal-documents-${name}`)

    await page.goto(`${demo.portalUrl}/brugwachter/settings`)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await fits(page)
    await look(page, `portal-settings-${name}`)
    await context.close()
  })
}

test('dark, and in English', async ({ browser }) => {
  test.setTimeout(120_000)
  const { context, page } = await inside(browser, 'eva.dewit', phone, { colorScheme: 'dark' })
  await expect(page.getByText('Sanne Verhulst').first()).toBeVisible()
  await look(page, 'portal-overview-dark')
  await page
    .getByRole('link', { name: /Hypotheek/ })
    .first()
    .click()
  await look(page, 'portal-product-dark')
  await context.close()

  const english = await inside(browser, 'ruben.timmer', phone, { language: 'en' })
  await expect(english.page.getByText(/Your turn|Asked again|Overview/i).first()).toBeVisible()
  await fits(english.page)
  await look(english.page, 'portal-overview-english')
  await english.context.close()
})

test('a file that cannot be taken says why, at the file', async ({ browser }) => {
  test.setTimeout(150_000)
  const { context, page } = await inside(browser, 'karim@post.example')
  await openDelivery(page, /Verzekeringsbericht|Jaaropgaaf|Overzicht studieschuld|Loonstrook/)
  const file = page.locator('input[type=file]').first()
  const refusals = [
    {
      name: 'tekening.svg',
      mimeType: 'image/svg+xml',
      buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      says: /kunnen we niet openen/,
    },
    { name: 'leeg.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(0), says: /is leeg/ },
    {
      name: 'te-groot.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.concat([pdf('groot'), Buffer.alloc(26 * 1024 * 1024)]),
      says: /het maximum is 25 MB/,
    },
    {
      name: 'factuur.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.concat([Buffer.from('MZ\x90\x00\x03\x00\x00\x00', 'latin1'), Buffer.alloc(4096)]),
      says: /past niet bij de naam/,
    },
    {
      name: 'geen-echte.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from('dit is gewone tekst en geen pdf'),
      says: /past niet bij de naam/,
    },
  ]
  for (const { says, ...refused } of refusals) {
    // 27 MB on its way from the test to the browser takes a busy machine long; that is not what is looked at.
    await file.setInputFiles(refused, { timeout: 60_000 })
    const row = page.getByRole('list', { name: 'Gekozen bestanden' }).getByRole('listitem').filter({ hasText: refused.name })
    await expect(row).toHaveText(says)
    await expect(page.getByRole('button', { name: 'Indienen' })).toBeDisabled()
    await look(page, `portal-refused-${refused.name.split('.')[0]}`)
    await page.getByRole('button', { name: `Verwijder ${refused.name}` }).click()
    await expect(page.getByText(refused.name)).toHaveCount(0)
  }
  await context.close()
})

test('who belongs to another dossier finds nothing there', async ({ browser }) => {
  const eva = await inside(browser, 'eva.dewit')
  const list = (await (await eva.page.request.get(`${demo.portalUrl}/api/v1/portal/dossiers`)).json()) as { items?: { id: string }[] }
  const id =
    list.items?.[0]?.id ??
    (await eva.page.evaluate(
      async () => ((await (await fetch('/api/v1/portal/dossiers')).json()) as { items: { id: string }[] }).items[0]?.id,
    ))
  expect(id).toBeTruthy()
  const karim = await inside(browser, 'karim@post.example')
  const status = await karim.page.evaluate(async (dossier) => (await fetch(`/api/v1/portal/dossiers/${dossier}`)).status, id)
  expect(status).toBe(404)
  await eva.context.close()
  await karim.context.close()
})
