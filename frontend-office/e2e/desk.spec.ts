import { type Browser, expect, type Page, test } from '@playwright/test'

import { demo, desktop, look, open, signIn } from './support'

// What happens at an adviser's desk besides the main story: people come and go, colleagues work in the same dossier.

async function asAdviser(browser: Browser) {
  const [context, page] = await open(browser, desktop)
  await signIn(page, 'adviser')
  return { context, page }
}

/** A dossier of its own, so that nothing here depends on what another journey did; made as the office's software would. */
async function newDossier(page: Page, name: string, more: Record<string, unknown> = {}): Promise<{ id: string; products: { id: string }[]; adviser: { id: string } }> {
  const api = `${demo.officeUrl}/api/v1`
  const me = (await (await page.request.get(`${api}/me`)).json()) as { id: string }
  const unique = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`
  const answer = await page.request.post(`${api}/dossiers`, {
    headers: { 'X-Voordeur': '1', Origin: demo.officeUrl },
    data: {
      client: { name, kind: 'household' },
      adviserId: me.id,
      products: [{ kind: 'mortgage', name: 'Hypotheek' }],
      applicants: [{ firstName: 'Lotte', lastName: name, email: `lotte.${unique}@post.example` }],
      ...more,
    },
  })
  expect(answer.status(), await answer.text()).toBe(201)
  return (await answer.json()) as { id: string; products: { id: string }[]; adviser: { id: string } }
}

test('an applicant joins a dossier that exists, and leaves it again', async ({ browser }) => {
  const { context, page } = await asAdviser(browser)
  const dossier = await newDossier(page, 'Verhoef')
  await page.goto(`${demo.officeUrl}/dossiers/${dossier.id}?tab=portal`)
  const card = (name: string) => page.getByRole('article', { name })
  await expect(card('Lotte Verhoef')).toBeVisible()
  // The only applicant cannot leave.
  await card('Lotte Verhoef').getByRole('button', { name: 'Meer voor Lotte Verhoef' }).click()
  await expect(page.getByRole('menuitem', { name: 'Haal van dossier' })).toHaveCount(0)
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: 'Aanvrager toevoegen' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Aanvrager toevoegen' }).click()
  await expect(dialog.getByLabel('Voornaam')).toHaveAttribute('aria-invalid', 'true')
  await dialog.getByLabel('Voornaam').fill('Gijs')
  await dialog.getByLabel('Achternaam').fill('Zonder Adres')
  await expect(dialog.getByLabel('Gebruikersnaam')).toHaveValue('gijs.zonderadres')
  await look(page, 'office-add-applicant')
  await dialog.getByRole('button', { name: 'Aanvrager toevoegen' }).click()
  await expect(dialog).toBeHidden()
  await expect(card('Gijs Zonder Adres')).toContainText('gijs.zonderadres')

  await card('Gijs Zonder Adres').getByRole('button', { name: /Meer voor/ }).click()
  await page.getByRole('menuitem', { name: 'Haal van dossier' }).click()
  const question = page.getByRole('alertdialog')
  await expect(question).toContainText('Gijs ziet dit dossier meteen niet meer')
  await look(page, 'office-remove-applicant')
  await question.getByRole('button', { name: 'Haal van dossier' }).click()
  await expect(question).toBeHidden()
  await expect(card('Gijs Zonder Adres')).toHaveCount(0)
  await expect(card('Lotte Verhoef')).toBeVisible()

  // He stays a contact of the client, and comes back with the login he had.
  await page.getByRole('button', { name: 'Aanvrager toevoegen' }).click()
  await dialog.getByLabel('Wie').selectOption({ label: 'Gijs Zonder Adres' })
  await expect(dialog.getByText('Gijs logt al in als gijs.zonderadres')).toBeVisible()
  await dialog.getByRole('button', { name: 'Aanvrager toevoegen' }).click()
  await expect(card('Gijs Zonder Adres')).toContainText('gijs.zonderadres')
  await page.getByRole('navigation', { name: 'Onderdelen van dit dossier' }).getByRole('link', { name: 'Tijdlijn' }).click()
  await expect(page.getByText('haalde Gijs Zonder Adres van het dossier')).toBeVisible()
  await context.close()
})

test('two colleagues change the same: the second hears who was first and loses nothing that was typed', async ({ browser }) => {
  const { context, page } = await asAdviser(browser)
  const dossier = await newDossier(page, 'Samenloop')
  await page.goto(`${demo.officeUrl}/dossiers/${dossier.id}`)
  await page.getByRole('button', { name: 'Meer acties' }).click()
  await page.getByRole('menuitem', { name: 'Dossier wijzigen' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Onderwerp').fill('de hypotheek voor de Veerstraat')

  const [other, colleague] = await open(browser, desktop)
  await signIn(colleague, 'back_office')
  const saved = await colleague.request.patch(`${demo.officeUrl}/api/v1/dossiers/${dossier.id}`, {
    headers: { 'X-Voordeur': '1', Origin: demo.officeUrl, 'If-Match': '"1"' },
    data: { subject: 'de hypotheek voor de Kade', phase: 'advice' },
  })
  expect(saved.status(), await saved.text()).toBe(200)
  const who = (await (await colleague.request.get(`${demo.officeUrl}/api/v1/me`)).json()) as { firstName: string; lastName: string }
  await other.close()

  await dialog.getByRole('button', { name: 'Opslaan' }).click()
  await expect(dialog.getByRole('alert')).toContainText(`${who.firstName} ${who.lastName} wijzigde dit net`)
  await look(page, 'office-stale')
  await dialog.getByRole('button', { name: 'Nieuwste versie laden' }).click()
  await expect(dialog.getByText('Ook gewijzigd: Onderwerp.')).toBeVisible()
  await expect(dialog.getByLabel('Onderwerp')).toHaveValue('de hypotheek voor de Veerstraat')
  await expect(dialog.getByLabel('Fase')).toHaveValue('advice')
  await look(page, 'office-stale-merged')
  await dialog.getByRole('button', { name: 'Opslaan' }).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByText('de hypotheek voor de Veerstraat').first()).toBeVisible()
  await expect(page.getByText('fase advies').first()).toBeVisible()
  await context.close()
})
