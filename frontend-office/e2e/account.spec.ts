import { expect, test } from '@playwright/test'

import { demo, desktop, employee, fits, look, open, phone, signIn, totp } from './support'

// Mijn account: how I am called, the password with its worth in words, recovery codes, and where I am signed in.

for (const [name, size] of [
  ['desk', desktop],
  ['phone', phone],
] as const) {
  test(`an employee looks after the own account (${name})`, async ({ browser }) => {
    const [elsewhere, other] = await open(browser, desktop)
    await signIn(other, 'viewer', 'brugwachter', { fresh: true })
    await expect(other.getByRole('heading', { level: 1 }).first()).toBeVisible()
    const [context, page] = await open(browser, size)
    await signIn(page, 'viewer')
    await page.goto(`${demo.officeUrl}/account`)
    await expect(page.getByRole('heading', { name: 'Mijn account' })).toBeVisible()

    const title = `Kijker ${Date.now().toString(36)}`
    await page.getByLabel('Functie').fill(title)
    await page.getByRole('button', { name: 'Opslaan' }).click()
    await expect(page.getByRole('status').filter({ hasText: 'Gegevens opgeslagen' })).toBeVisible()
    await page.reload()
    await expect(page.getByLabel('Functie')).toHaveValue(title)
    await look(page, `office-account-${name}`)
    await fits(page)

    await page.getByRole('button', { name: 'Wijzig wachtwoord' }).click()
    const dialog = page.getByRole('dialog')
    const next = dialog.getByLabel('Nieuw wachtwoord')
    for (const [typed, worth] of [
      ['olifant', 'Nog 3 tekens te gaan'],
      ['aaaaaaaaaaaa', 'Makkelijk te raden'],
      ['olifantjes', 'Lang genoeg'],
      ['groene fiets langs de vaart', 'Sterk.'],
    ] as const) {
      await next.fill(typed)
      await expect(dialog.getByRole('status')).toContainText(worth)
    }
    await dialog.getByLabel('Huidig wachtwoord').fill('dit is het niet')
    await dialog.getByRole('button', { name: 'Wijzig wachtwoord' }).click()
    await expect(dialog.getByText('Dit is niet je huidige wachtwoord.')).toBeVisible()
    await look(page, `office-account-password-${name}`)
    await dialog.getByRole('button', { name: 'Annuleer' }).click()

    await page.getByRole('button', { name: 'Log overal elders uit' }).click()
    await expect(page.getByText('Dit apparaat')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Log overal elders uit' })).toBeHidden()
    await other.reload()
    await expect(other.getByRole('button', { name: /Inloggen|Verder/ }).first()).toBeVisible()

    await page.getByRole('button', { name: 'Maak nieuwe codes' }).click()
    await page.getByRole('dialog').getByRole('textbox').fill(await totp(employee('viewer').totpSecret))
    await expect(page.getByRole('list', { name: 'Herstelcodes' }).getByRole('listitem')).toHaveCount(10)
    await page.getByRole('checkbox', { name: /veilige plek/ }).check()
    await page.getByRole('button', { name: 'Klaar' }).click()
    await expect(page.getByText('Nog 10 van de 10 over.')).toBeVisible()
    await context.close()
    await elsewhere.close()
  })
}

test('a username is changed, and the customer hears of it in one click', async ({ browser }) => {
  const [context, page] = await open(browser, desktop)
  await signIn(page, 'adviser')
  const me = (await (await page.request.get(`${demo.officeUrl}/api/v1/me`)).json()) as { id: string }
  const made = await page.request.post(`${demo.officeUrl}/api/v1/dossiers`, {
    headers: { 'X-Voordeur': '1', Origin: demo.officeUrl },
    data: {
      client: { name: 'Naamsma', kind: 'household' },
      adviserId: me.id,
      products: [{ kind: 'mortgage', name: 'Hypotheek' }],
      applicants: [{ firstName: 'Lotte', lastName: 'Naamsma', email: `lotte.${Date.now().toString(36)}@post.example` }],
    },
  })
  expect(made.status(), await made.text()).toBe(201)
  const dossier = (await made.json()) as { id: string }
  await page.goto(`${demo.officeUrl}/dossiers/${dossier.id}?tab=portal`)
  await page
    .getByRole('button', { name: /Wijzig gebruikersnaam van/ })
    .first()
    .click()
  const field = page.getByLabel('Nieuwe gebruikersnaam')
  await field.fill('ab')
  await expect(page.getByText('Kies een naam van minstens 3 tekens.')).toBeVisible()
  const name = `klant.${Date.now().toString(36)}`
  await field.fill(name)
  await expect(page.getByText('Vrij.')).toBeVisible()
  await page.getByRole('button', { name: 'Opslaan' }).click()
  const dialog = page.getByRole('alertdialog')
  await expect(dialog).toContainText(name)
  await look(page, 'office-username-inform')
  await dialog.getByRole('button', { name: 'Informeer de klant' }).click()
  await expect(dialog).toBeHidden()
  await context.close()
})
