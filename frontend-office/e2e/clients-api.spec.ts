import { expect, type Page, test } from '@playwright/test'

import { demo, desktop, fits, look, open, phone, signIn } from './support'

/** Reads what is shown this once, and says that it was kept. */
async function keep(page: Page, label: string): Promise<string> {
  const dialog = page.getByRole('alertdialog')
  await expect(dialog.getByRole('heading', { name: 'Bewaar dit nu' })).toBeVisible()
  const secret = await dialog.getByRole('textbox', { name: label }).inputValue()
  await expect(dialog.getByRole('button', { name: 'Klaar' })).toBeDisabled()
  await dialog.getByLabel('Ik heb het op een veilige plek gezet').check()
  await dialog.getByRole('button', { name: 'Klaar' }).click()
  await expect(dialog).toBeHidden()
  return secret
}

const status = async (page: Page, path: string, token: string) =>
  (await page.request.get(`${demo.officeUrl}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } })).status()

for (const [size, at] of [
  ['1440', desktop],
  ['390', phone],
] as const) {
  test(`an administrator lets a program in, replaces its key and shuts it out, at ${size}`, async ({ browser }) => {
    test.setTimeout(120_000)
    const [context, page] = await open(browser, at)
    await signIn(page, 'admin')
    await page.goto(`${demo.officeUrl}/settings/api-clients`)
    await expect(page.getByRole('heading', { level: 1, name: 'Koppelingen' })).toBeVisible()
    const name = `Ons CRM ${size} ${Date.now()}`

    // What is missing is said, and then it is made.
    await page.getByRole('button', { name: 'Nieuwe koppeling' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Maak de koppeling' }).click()
    await expect(dialog.getByText('Vul de naam in')).toBeVisible()
    await expect(dialog.getByText('Kies minstens één recht')).toBeVisible()
    await dialog.getByLabel('Naam').fill(name)
    await dialog.getByRole('checkbox', { name: 'Klanten zien' }).check()
    await dialog.getByRole('checkbox', { name: 'Dossiers zien' }).check()
    await dialog.getByLabel('IP-adressen').fill('geen adres')
    await dialog.getByRole('button', { name: 'Maak de koppeling' }).click()
    await expect(dialog.getByText('Dit is geen IP-adres of netwerk', { exact: false })).toBeVisible()
    await look(page, `office-program-new-${size}`)
    await fits(page)
    await dialog.getByLabel('IP-adressen').fill('')
    await dialog.getByRole('button', { name: 'Maak de koppeling' }).click()
    await expect(page.getByRole('alertdialog')).toBeVisible()
    await look(page, `office-program-secret-${size}`)
    await fits(page)
    const key = await keep(page, 'Sleutel')
    expect(key).toMatch(/^vd_live_[0-9A-Za-z]{22}_[0-9A-Za-z]{49}$/)
    expect(await status(page, '/clients', key)).toBe(200)
    expect(await status(page, '/action-points', key)).toBe(403)

    const row = page.getByRole('row').filter({ hasText: name })
    await expect(row).toContainText('Actief')
    await page.reload()
    await expect(row).not.toContainText('Nog niet')
    await look(page, `office-programs-${size}`)
    await fits(page)

    // Another key, while the old one goes on for a day.
    await row.getByRole('button', { name: `Meer voor ${name}` }).click()
    await page.getByRole('menuitem', { name: 'Vervang het geheim' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Vervang het geheim' }).click()
    const next = await keep(page, 'Sleutel')
    expect(next).not.toBe(key)
    expect(await status(page, '/clients', key)).toBe(200)
    expect(await status(page, '/clients', next)).toBe(200)
    await expect(row).toContainText(`oud geheim (…${key.slice(-4)})`)

    // Less.
    await row.getByRole('button', { name, exact: true }).click()
    await dialog.getByRole('checkbox', { name: 'Klanten zien' }).uncheck()
    await dialog.getByRole('button', { name: 'Opslaan' }).click()
    await expect(dialog).toBeHidden()
    expect(await status(page, '/clients', next)).toBe(403)
    expect(await status(page, '/dossiers', next)).toBe(200)

    // Out.
    await row.getByRole('button', { name: `Meer voor ${name}` }).click()
    await page.getByRole('menuitem', { name: 'Trek in' }).click()
    await look(page, `office-program-revoke-${size}`)
    await page.getByRole('alertdialog').getByRole('button', { name: 'Trek in' }).click()
    await expect(row).toBeHidden()
    expect(await status(page, '/dossiers', next)).toBe(401)
    expect(await status(page, '/dossiers', key)).toBe(401)
    await page.getByRole('button', { name: 'Ingetrokken' }).click()
    await expect(row).toContainText('Ingetrokken')

    await page.goto(`${demo.officeUrl}/log?resource=api_client`)
    await expect(page.getByText(`trok de koppeling ${name} in`)).toBeVisible()
    await context.close()
  })
}

test('somebody who may not change it sees which programs come in, and no buttons', async ({ browser }) => {
  const [context, page] = await open(browser, desktop)
  await signIn(page, 'viewer')
  await page.getByRole('link', { name: 'Koppelingen' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Koppelingen' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Nieuwe koppeling' })).toHaveCount(0)
  await look(page, 'office-programs-viewer')
  await context.close()
})
