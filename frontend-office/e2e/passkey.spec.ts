import { expect, type Page, test } from '@playwright/test'

import { Key } from './passkey'
import { demo, desktop, fits, linksIn, look, mailTo, open, phone, signIn } from './support'

// An employee makes a passkey in place of the authenticator app, and signs in with it without typing (F7).

const menu = (page: Page) => page.getByRole('navigation', { name: 'Hoofdmenu' })

for (const [size, name] of [
  [phone, '390'],
  [{ viewport: { width: 1440, height: 900 } }, '1440'],
] as const) {
  test(`an employee begins with a passkey, at ${name}`, async ({ browser }) => {
    test.setTimeout(180_000)
    const address = `noor.${name}.${Date.now()}@brugwachter.example`
    const password = 'blauwe fiets onder de kastanje'
    const [office, desk] = await open(browser, desktop)
    await signIn(desk, 'admin')
    await desk.goto(`${demo.officeUrl}/settings/employees`)
    await desk.getByRole('button', { name: 'Medewerker uitnodigen' }).click()
    await desk.getByLabel('Voornaam').fill('Noor')
    await desk.getByLabel('Achternaam').fill('Sleutel')
    await desk.getByLabel('E-mailadres').fill(address)
    await desk.getByLabel('Functie').fill('Adviseur in opleiding')
    await desk.getByRole('button', { name: 'Uitnodiging versturen' }).click()
    const [link = ''] = linksIn(await mailTo(address, /werkplek/))
    await office.close()

    const [context, page] = await open(browser, size as typeof desktop)
    const key = await Key.in(page)
    await page.goto(link)
    await page.getByLabel('Nieuw wachtwoord').fill(password)
    await page.getByRole('button', { name: 'Wachtwoord opslaan' }).click()
    await expect(page.getByText('Je wachtwoord is opgeslagen')).toBeVisible()
    await page.getByLabel('E-mailadres').fill(address)
    await page.getByLabel('Wachtwoord', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Inloggen', exact: true }).click()
    await expect(page.getByRole('heading', { name: 'Liever een passkey?' })).toBeVisible()
    // The screen is taller than most windows; its top has to be within reach.
    await page.getByText('Voordeur voor kantoor').scrollIntoViewIfNeeded()
    await expect(page.getByText('Voordeur voor kantoor')).toBeInViewport({ ratio: 1 })
    await fits(page)
    await look(page, `office-enrol-passkey-${name}`)

    await key.press(true)
    await key.owner(false)
    await page.getByRole('button', { name: 'Maak een passkey' }).click()
    await expect(page.getByText(/Je stopte, of het duurde te lang/)).toBeVisible()
    await key.owner(true)
    await page.getByRole('button', { name: 'Maak een passkey' }).click()
    await expect(page.locator('.codes li')).toHaveCount(10)
    const code = (await page.locator('.codes li').first().textContent()) ?? ''
    await look(page, `office-enrol-passkey-codes-${name}`)
    await page.getByLabel('Ik heb de codes op een veilige plek bewaard').check()
    await page.getByRole('button', { name: 'Naar het kantoor' }).click()
    await expect(menu(page)).toBeVisible()
    await mailTo(address, /passkey toegevoegd/)

    // Out, and in again: nothing is typed.
    await key.press(false)
    await context.clearCookies()
    await page.goto(`${demo.officeUrl}/login`)
    await expect(page.getByRole('button', { name: 'Met je passkey' })).toBeVisible()
    await fits(page)
    await look(page, `office-login-passkey-${name}`)
    await page.emulateMedia({ colorScheme: 'dark' })
    await look(page, `office-login-passkey-${name}-dark`)
    await page.emulateMedia({ colorScheme: 'light' })
    await key.press(true) // a finger that comes after the question is not felt
    await page.getByRole('button', { name: 'Met je passkey' }).click()
    await expect(menu(page)).toBeVisible()

    // With what the browser offers at the e-mail address, without the button.
    await context.clearCookies()
    await page.goto(`${demo.officeUrl}/login`)
    await expect(menu(page)).toBeVisible({ timeout: 15_000 })

    // In one's own account: another name, and the last second step there is does not go.
    await page.goto(`${demo.officeUrl}/account`)
    const passkeys = page.getByRole('region', { name: 'Passkeys' })
    await expect(passkeys.getByText(/Gebruikt vandaag/)).toBeVisible()
    await passkeys.getByRole('button', { name: /^Hernoem/ }).click()
    await page.getByLabel('Naam waaraan je hem herkent').fill('Laptop van kantoor')
    await page.getByRole('button', { name: 'Opslaan', exact: true }).last().click()
    await expect(passkeys.getByText('Laptop van kantoor').first()).toBeVisible()
    await passkeys.scrollIntoViewIfNeeded()
    await look(page, `office-account-passkeys-${name}`)
    await passkeys.getByRole('button', { name: 'Verwijder Laptop van kantoor' }).click()
    const dialog = page.getByRole('alertdialog')
    await dialog.getByRole('button', { name: 'Verwijder' }).click()
    await expect(dialog.getByText(/dit is je laatste/)).toBeVisible()
    await look(page, `office-account-passkey-last-${name}`)
    await dialog.getByRole('button', { name: 'Annuleer' }).click()
    // The same device again.
    await passkeys.getByRole('button', { name: 'Voeg toe' }).click()
    await expect(passkeys.getByText('Op dit apparaat staat al een passkey')).toBeVisible()

    // The password alone is not enough: the passkey, or a recovery code.
    await key.press(false)
    await context.clearCookies()
    await page.goto(`${demo.officeUrl}/login`)
    await page.getByLabel('E-mailadres').fill(address)
    await page.getByLabel('Wachtwoord', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Inloggen', exact: true }).click()
    await expect(page.getByRole('button', { name: 'Gebruik je passkey' })).toBeVisible()
    await fits(page)
    await look(page, `office-second-passkey-${name}`)
    await page.getByRole('button', { name: 'Ik heb mijn passkey niet' }).click()
    await page.getByLabel('Herstelcode').fill(code)
    await page.getByRole('button', { name: /Verder|Inloggen/ }).click()
    await expect(menu(page)).toBeVisible()
    await context.close()
  })
}

test('a passkey that nobody has opens nothing', async ({ browser }) => {
  const [context, page] = await open(browser, desktop)
  await page.goto(`${demo.officeUrl}/login`)
  const key = await Key.in(page)
  await key.press(true)
  await page.getByRole('button', { name: 'Met je passkey' }).click()
  await expect(page.getByText(/Je stopte, of het duurde te lang/)).toBeVisible()
  await look(page, 'office-login-no-passkey')
  await context.close()
})
