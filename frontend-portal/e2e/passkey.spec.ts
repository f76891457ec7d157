import { expect, type Page, test } from '@playwright/test'

import { Key } from './passkey'
import { customer, demo, fits, look, mailTo, open, phone, wide } from './support'

// A passkey of a customer: made, named, used without typing anything, used to confirm, taken away (C8, F7).

const login = (page: Page) => page.goto(`${demo.portalUrl}/brugwachter/login`)
const inside = (page: Page) => page.getByRole('navigation').first()

async function withPassword(page: Page, who: { username: string; password: string }) {
  await login(page)
  await page.getByLabel('Gebruikersnaam').fill(who.username)
  await page.getByLabel('Wachtwoord', { exact: true }).fill(who.password)
  await page.getByRole('button', { name: 'Inloggen', exact: true }).click()
  await expect(inside(page)).toBeVisible()
}

for (const [size, name, username] of [
  [phone, '390', 'truus.jansen@post.example'],
  [{ viewport: { width: 1440, height: 900 } }, '1440', 'sjoerd.groeneveld@post.example'],
] as const) {
  test(`a passkey from making it to taking it away, at ${name}`, async ({ browser }) => {
    test.setTimeout(180_000)
    const who = customer(username)
    const [context, page] = await open(browser, size as typeof wide)
    const key = await Key.in(page)
    await withPassword(page, who)
    await page.goto(`${demo.portalUrl}/brugwachter/settings`)
    await expect(page.getByText('Log in met je vinger, je gezicht of de pincode')).toBeVisible()

    // Somebody else's finger, or none at all: nothing happened, in words.
    await key.press(true)
    await key.owner(false)
    await page.getByRole('button', { name: /Voeg toe/ }).click()
    await expect(page.getByText(/Je stopte, of het duurde te lang/)).toBeVisible()
    await key.owner(true)
    await page.getByRole('button', { name: /Voeg toe/ }).click()
    await expect(page.getByText('Gelukt: je passkey is toegevoegd.')).toBeVisible()
    await fits(page)
    await look(page, `portal-passkey-name-${name}`)
    await page.getByLabel('Naam van de passkey').fill('Telefoon van de keukentafel')
    await page.getByRole('button', { name: 'Opslaan' }).click()
    await expect(page.getByRole('heading', { name: 'Passkey “Telefoon van de keukentafel”' })).toBeVisible()
    await expect(page.getByText('Nog niet gebruikt.')).toBeVisible()
    const [held] = await key.held()
    expect(held?.rpId).toBe('localhost')
    expect(held?.isResidentCredential).toBe(true)
    await fits(page)
    await look(page, `portal-passkeys-${name}`)
    await page.emulateMedia({ colorScheme: 'dark' })
    await look(page, `portal-passkeys-${name}-dark`)
    await page.emulateMedia({ colorScheme: 'light' })
    await mailTo(who.username, /passkey toegevoegd/)
    // The same device again.
    await page.getByRole('button', { name: /Voeg toe/ }).click()
    await expect(page.getByText('Op dit apparaat staat al een passkey')).toBeVisible()

    // Out, and in again: nothing is typed.
    await key.press(false)
    await context.clearCookies()
    await login(page)
    await expect(page.getByRole('button', { name: 'Met je passkey' })).toBeVisible()
    await fits(page)
    await look(page, `portal-login-passkey-${name}`)
    await key.press(true) // a finger that comes after the question is not felt
    await page.getByRole('button', { name: 'Met je passkey' }).click()
    await expect(inside(page)).toBeVisible()

    // Also with what the browser offers at the username, without the button.
    await context.clearCookies()
    await login(page)
    await expect(inside(page)).toBeVisible({ timeout: 15_000 })

    // A password of over 15 minutes ago: the passkey confirms as well, and the work goes on.
    await page.goto(`${demo.portalUrl}/brugwachter/settings`)
    await expect(page.getByText(/Gebruikt vandaag/)).toBeVisible()
    await page.getByRole('button', { name: /Verwijder passkey Telefoon/ }).click()
    await look(page, `portal-passkey-remove-${name}`)
    await page.route(
      '**/portal/me/passkeys/*',
      (route) =>
        route.fulfill({
          status: 403,
          contentType: 'application/problem+json',
          body: '{"status":403,"code":"step-up-required","title":"x"}',
        }),
      { times: 1 },
    )
    await page.getByRole('button', { name: 'Verwijder', exact: true }).click()
    const again = page.getByRole('dialog', { name: 'Even controleren dat jij het bent' })
    await expect(again.getByRole('button', { name: 'Liever met mijn passkey' })).toBeVisible()
    await look(page, `portal-step-up-passkey-${name}`)
    await key.owner(false)
    await again.getByRole('button', { name: 'Liever met mijn passkey' }).click()
    await expect(again.getByText(/Je stopte, of het duurde te lang/)).toBeVisible()
    await key.owner(true)
    await again.getByRole('button', { name: 'Liever met mijn passkey' }).click()
    await expect(page.getByText('De passkey is verwijderd')).toBeVisible()
    await mailTo(who.username, /passkey verwijderd/)

    // The device still has it, and it opens nothing.
    await key.press(false)
    await context.clearCookies()
    await login(page)
    await key.press(true) // a finger that comes after the question is not felt
    await page.getByRole('button', { name: 'Met je passkey' }).click()
    await expect(page.getByText(/Met deze passkey kom je hier niet binnen/)).toBeVisible()
    await fits(page)
    await look(page, `portal-login-passkey-refused-${name}`)
    await context.close()
  })
}

test('a browser without passkeys says so, and offers none', async ({ browser }) => {
  const [context, page] = await open(browser, phone)
  await page.addInitScript(() => Reflect.deleteProperty(window, 'PublicKeyCredential'))
  await withPassword(page, customer('bas.hofman@post.example'))
  await page.goto(`${demo.portalUrl}/brugwachter/settings`)
  await expect(page.getByText('Deze browser kent geen passkeys.')).toBeVisible()
  await expect(page.getByRole('button', { name: /Voeg toe/ })).toHaveCount(0)
  await context.clearCookies()
  await login(page)
  await expect(page.getByRole('button', { name: 'Inloggen', exact: true })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Met je passkey' })).toHaveCount(0)
  await context.close()
})
