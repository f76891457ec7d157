import { readFileSync } from 'node:fs'

import { expect, test } from '@playwright/test'

import { demo, desktop, fits, look, open, phone, signIn } from './support'

test('the log says who did what, narrows by who, what, client and period, and follows to the dossier', async ({ browser }) => {
  const [context, page] = await open(browser, desktop)
  await signIn(page, 'admin', 'brugwachter', { fresh: true })
  await page.getByRole('navigation', { name: 'Hoofdmenu' }).getByRole('link', { name: 'Logboek' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Logboek' })).toBeVisible()
  const rows = page
    .getByRole('region', { name: 'Logboek' })
    .getByRole('row')
    .filter({ has: page.getByRole('cell') })
  // The login of a moment ago is the newest.
  await expect(rows.first()).toContainText('logde in')
  await expect(rows).toHaveCount(50)
  await look(page, 'office-log')
  await page.emulateMedia({ colorScheme: 'dark' })
  await look(page, 'office-log-dark')
  await page.emulateMedia({ colorScheme: 'light' })
  await page.getByRole('button', { name: 'Meer laden' }).click()
  await expect(rows).toHaveCount(100)

  await page.getByRole('button', { name: 'Wat', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Actiepunten' }).click()
  await expect(page).toHaveURL(/resource=action_point/)
  await page.getByRole('button', { name: 'Wie', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Klanten' }).click()
  await expect(page).toHaveURL(/actorKind=member/)
  await expect(rows.first()).toContainText('leverde')
  // Until the narrowed list has come the old one stands.
  await expect(rows.filter({ hasNotText: /leverde|haalde/ })).toHaveCount(0)

  await page.getByRole('button', { name: 'Klant', exact: true }).click()
  await page.getByLabel('Bestaande klant').fill('amrani')
  await page.getByRole('option', { name: /El Amrani/ }).click()
  await expect(page).toHaveURL(/clientId=/)
  await expect(page.getByText('is El Amrani')).toBeVisible()
  for (const name of await rows.getByRole('link').allInnerTexts()) expect(name).toContain('Amrani')
  await look(page, 'office-log-narrowed')

  await page.getByLabel('tot en met').fill('2001-01-01')
  await expect(page.getByText('Niets in het logboek past hierbij')).toBeVisible()
  await look(page, 'office-log-none')
  await page.getByRole('button', { name: 'Wis alle filters' }).click()
  await expect(rows).toHaveCount(100)

  await page.goto(`${demo.officeUrl}/log?resource=dossier`)
  const link = rows.first().getByRole('link')
  const name = await link.innerText()
  await link.click()
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
  await context.close()
})

test('an export is a file of what the filters show, and an entry of the log itself', async ({ browser }) => {
  const [context, page] = await open(browser, desktop)
  await signIn(page, 'admin')
  await page.goto(`${demo.officeUrl}/log?resource=dossier`)
  for (const [format, entry] of [
    ['csv', 'CSV, voor een rekenblad'],
    ['json', 'JSON, voor een programma'],
  ] as const) {
    await page.getByRole('button', { name: 'Exporteren' }).click()
    const coming = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: entry }).click()
    const file = await coming
    expect(file.suggestedFilename()).toBe(`logboek.${format}`)
    const text = readFileSync(await file.path(), 'utf8')
    if (format === 'csv') {
      const lines = text.trimEnd().split('\r\n')
      expect(lines[0]).toMatch(/^\uFEFFnumber;at;name/)
      expect(lines.slice(1).every((line) => /^\d+;[^;]+;dossier\./.test(line))).toBe(true)
    } else {
      const { events } = JSON.parse(text) as { events: { name: string; hash: string }[] }
      expect(events.length).toBeGreaterThan(10)
      expect(events.every((event) => event.name.startsWith('dossier.') && /^[0-9a-f]{64}$/.test(event.hash))).toBe(true)
    }
  }
  await page.goto(`${demo.officeUrl}/log?resource=audit`)
  await expect(page.getByRole('cell', { name: /exporteerde het logboek/ }).first()).toBeVisible()
  await context.close()
})

test('the log on a phone, in English, and for a customer nobody', async ({ browser }) => {
  const [context, page] = await open(browser, phone)
  await signIn(page, 'viewer')
  await page.goto(`${demo.officeUrl}/log`)
  await expect(page.getByRole('heading', { level: 1, name: 'Logboek' })).toBeVisible()
  await expect(page.getByText('logde in').first()).toBeVisible()
  await fits(page)
  await look(page, 'office-log-phone')
  await page.getByRole('button', { name: 'Menu openen' }).click()
  await page.getByRole('button', { name: /accountmenu/ }).click()
  await page.getByRole('menuitem', { name: 'English' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Log', exact: true })).toBeVisible()
  await expect(page.getByText('logged in').first()).toBeVisible()
  await look(page, 'office-log-english')
  const anybody = await (await browser.newContext()).request.get(`${demo.officeUrl}/api/v1/audit-events`)
  expect(anybody.status()).toBe(401)
  await context.close()
})
