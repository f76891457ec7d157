import { type Browser, expect, type Page, test } from '@playwright/test'

import { demo, desktop, fits, linksIn, look, mailTo, open, pdf, phone, signIn } from './support'

// Members of a client and what each may see: given and taken in the office, seen in the portal at once (E1, E3, E8, E10, C1, D1).

const api = `${demo.officeUrl}/api/v1`
const headers = { 'X-Voordeur': '1', Origin: demo.officeUrl }
const password = 'groene fiets langs de vaart'

type Made = { id: string; client: { id: string }; applicants: { contactId: string; email: string }[] }

/** A dossier with one applicant, a document in the portal and one who may sign in. */
async function household(browser: Browser, name: string) {
  const [context, page] = await open(browser, desktop)
  await signIn(page, 'adviser')
  const me = (await (await page.request.get(`${api}/me`)).json()) as { id: string }
  const email = `lotte.${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}@post.example`
  const answer = await page.request.post(`${api}/dossiers`, {
    headers,
    data: {
      client: { name, kind: 'household' },
      adviserId: me.id,
      products: [{ kind: 'mortgage', name: 'Hypotheek' }],
      applicants: [{ firstName: 'Lotte', lastName: name, email }],
      actionPoints: [{ title: 'Loonstrook', productIndex: 0 }],
    },
  })
  expect(answer.status(), await answer.text()).toBe(201)
  const dossier = (await answer.json()) as Made
  for (const title of ['Dienstenwijzer', 'Convenant']) {
    const added = await page.request.post(`${api}/dossiers/${dossier.id}/documents`, {
      headers,
      multipart: { title, visible: 'true', file: { name: `${title}.pdf`, mimeType: 'application/pdf', buffer: pdf(title) } },
    })
    expect(added.status(), await added.text()).toBe(201)
  }
  return { context, page, dossier, email }
}

/** Follows the invitation to a password and into the portal. */
async function enter(browser: Browser, email: string, size: typeof phone | typeof desktop = desktop) {
  const [link] = linksIn(await mailTo(email, /portaal/i))
  const [context, page] = await open(browser, size)
  await page.goto(link ?? '')
  await page.getByLabel('Nieuw wachtwoord').fill(password)
  await page.getByRole('button', { name: 'Wachtwoord opslaan' }).click()
  await expect(page.getByLabel('Wachtwoord', { exact: true })).toBeVisible()
  await page.getByLabel('Gebruikersnaam').fill(email)
  await page.getByLabel('Wachtwoord', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Inloggen' }).click()
  await expect(page.getByRole('link', { name: /Instellingen/ }).first()).toBeVisible()
  return { context, page }
}

const menu = (page: Page) => page.getByRole('navigation', { name: 'Hoofdmenu' })
const card = (page: Page, name: string) => page.getByRole('article', { name })

async function act(page: Page, name: string, verb: string) {
  await card(page, name).getByRole('button', { name: `Meer voor ${name}` }).click()
  await page.getByRole('menuitem', { name: verb }).click()
}

test('a member gets rights, loses one while the portal is open, is blocked and archived', async ({ browser }) => {
  const { context, page, dossier } = await household(browser, 'Rechtema')
  await page.goto(`${demo.officeUrl}/dossiers/${dossier.id}?tab=portal`)
  await page.getByRole('button', { name: 'Lid toevoegen' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Voornaam').fill('Nora')
  await dialog.getByLabel('Achternaam').fill('Notaris')
  const email = `nora.${Date.now().toString(36)}@notaris.example`
  await dialog.getByLabel('E-mailadres').fill(email)
  await expect(dialog.getByRole('button', { name: 'Alleen lezen' })).toHaveAttribute('aria-pressed', 'true')
  await expect(dialog.getByRole('checkbox', { name: 'Aanleveren' })).not.toBeChecked()
  await expect(dialog.getByText('Dit zit nog niet in het portaal')).toContainText('facturen')
  await look(page, 'office-member-add')
  await dialog.getByRole('button', { name: 'Opslaan en uitnodigen' }).click()
  await expect(dialog).toBeHidden()
  await expect(card(page, 'Nora Notaris')).toContainText('Alleen lezen')

  const portal = await enter(browser, email)
  await expect(menu(portal.page).getByRole('link', { name: 'Documenten' })).toBeVisible()
  await expect(portal.page.getByText('Met deze login kijk je mee')).toBeVisible()
  await expect(portal.page.getByRole('button', { name: /Nu aanleveren/ })).toHaveCount(0)
  await look(portal.page, 'portal-read-only')

  // One tick: it is a choice of its own, and the portal follows without reloading.
  await act(page, 'Nora Notaris', 'Gegevens en rechten')
  await dialog.getByRole('checkbox', { name: 'Documenten' }).uncheck()
  await expect(dialog.getByRole('button', { name: 'Aangepast' })).toHaveAttribute('aria-pressed', 'true')
  await dialog.getByLabel('Functie').fill('Kandidaat-notaris')
  await look(page, 'office-member')
  await dialog.getByRole('button', { name: 'Opslaan' }).click()
  await expect(dialog).toBeHidden()
  await expect(card(page, 'Nora Notaris')).toContainText('Aangepast: Dossier')
  await expect(menu(portal.page).getByRole('link', { name: 'Documenten' })).toHaveCount(0)
  await expect(portal.page.getByText('Klaargezet voor je')).toHaveCount(0)
  const refused = await portal.page.request.get(`${demo.portalUrl}/api/v1/portal/documents`)
  expect(refused.status()).toBe(403)
  await portal.page.goto(`${demo.portalUrl}/brugwachter/documents`)
  await expect(portal.page.getByRole('heading', { name: 'Dit onderdeel staat niet voor je open' })).toBeVisible()
  await look(portal.page, 'portal-no-right')

  // The other way round: documents, and no dossier.
  await act(page, 'Nora Notaris', 'Gegevens en rechten')
  await dialog.getByRole('checkbox', { name: 'Documenten' }).check()
  await dialog.getByRole('checkbox', { name: 'Dossier' }).uncheck()
  await dialog.getByRole('button', { name: 'Opslaan' }).click()
  await expect(dialog).toBeHidden()
  await expect(portal.page.getByRole('heading', { name: 'Belangrijke documenten' })).toBeVisible()
  await expect(portal.page.getByText('Dienstenwijzer')).toBeVisible()
  await expect(menu(portal.page).getByRole('link', { name: 'Dossier' })).toHaveCount(0)
  await portal.page.setViewportSize(phone.viewport)
  await fits(portal.page)
  await look(portal.page, 'portal-documents-only-390')

  await act(page, 'Nora Notaris', 'Blokkeer')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Blokkeer' }).click()
  await expect(card(page, 'Nora Notaris')).toContainText('Geblokkeerd')
  await portal.page.reload()
  await expect(portal.page.getByLabel('Gebruikersnaam of e-mailadres')).toBeVisible()
  await act(page, 'Nora Notaris', 'Archiveer')
  await look(page, 'office-member-archive')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Archiveer' }).click()
  await expect(page.getByText('Gearchiveerd 1')).toBeVisible()
  await page.getByText('Gearchiveerd 1').click()
  await act(page, 'Nora Notaris', 'Zet terug')
  await expect(card(page, 'Nora Notaris')).toContainText('Geblokkeerd')
  await portal.context.close()
  await context.close()
})

test('behind the key: one of two members sees a document, and the other does not', async ({ browser }) => {
  const { context, page, dossier, email } = await household(browser, 'Sleutelaar')
  await page.request.post(`${api}/dossiers/${dossier.id}/invitation`, { headers })
  const lotte = await enter(browser, email)
  await expect(lotte.page.getByText('Convenant')).toBeVisible()
  await page.goto(`${demo.officeUrl}/dossiers/${dossier.id}?tab=documents`)
  await page.getByRole('button', { name: 'Wie ziet Convenant: Iedereen' }).click()
  await page.getByRole('radio', { name: 'Alleen wie je kiest' }).click()
  await expect(page.getByRole('checkbox', { name: /Lotte Sleutelaar/ })).not.toBeChecked()
  await look(page, 'office-key')
  await expect(lotte.page.getByText('Convenant')).toHaveCount(0)
  await expect(lotte.page.getByText('Dienstenwijzer')).toBeVisible()
  await page.getByRole('checkbox', { name: /Lotte Sleutelaar/ }).click()
  await expect(lotte.page.getByText('Convenant')).toBeVisible()
  await page.getByRole('button', { name: 'Klaar' }).click()
  await expect(page.getByRole('button', { name: 'Wie ziet Convenant: 1 lid' })).toBeVisible()
  await page.getByRole('switch', { name: 'Convenant tonen in portaal' }).click()
  await expect(page.getByText('Alleen kantoor')).toBeVisible()
  await expect(lotte.page.getByText('Convenant')).toHaveCount(0)

  // Which mails Lotte wants is hers to choose, and the office reads it.
  await lotte.page.getByRole('link', { name: /Instellingen/ }).first().click()
  await lotte.page.getByRole('switch', { name: 'Nieuwe factuur' }).click()
  await expect(lotte.page.getByText('Opgeslagen')).toBeVisible()
  await expect(lotte.page.getByRole('switch', { name: 'Nieuwe factuur' })).not.toBeChecked()
  await look(lotte.page, 'portal-mails')
  await page.goto(`${demo.officeUrl}/clients/${dossier.client.id}`)
  await act(page, 'Lotte Sleutelaar', 'Gegevens en rechten')
  await expect(page.getByRole('dialog').getByRole('checkbox', { name: 'Nieuwe factuur' })).not.toBeChecked()
  await expect(page.getByRole('dialog').getByRole('checkbox', { name: 'Nieuwe offerte' })).toBeChecked()
  await lotte.context.close()
  await context.close()
})

test('an office that invites by hand, and an employee as customer', async ({ browser }) => {
  const [context, page] = await open(browser, desktop)
  await signIn(page, 'admin')
  const office = (await (await page.request.get(`${api}/organisation`)).json()) as { inviteMembers: boolean }
  expect(office.inviteMembers).toBe(true)
  await page.goto(`${demo.officeUrl}/settings/portal`)
  await page.getByRole('checkbox', { name: /Nodig een nieuw lid meteen uit/ }).uncheck()
  await page.getByRole('button', { name: 'Publiceren' }).click()
  await expect(page.getByText('Gepubliceerd')).toBeVisible()
  await page.getByRole('checkbox', { name: /Nodig een nieuw lid meteen uit/ }).check()
  await page.getByRole('button', { name: 'Publiceren' }).click()
  await expect.poll(async () => ((await (await page.request.get(`${api}/organisation`)).json()) as { inviteMembers: boolean }).inviteMembers).toBe(true)

  const counts = async () => await (await page.request.get(`${api}/dossiers/counts`)).text()
  await page.goto(`${demo.officeUrl}/clients`)
  const before = await counts()
  await page.getByRole('button', { name: 'Testklant maken' }).click()
  await expect(page.getByRole('heading', { level: 1, name: /Testklant/ })).toBeVisible()
  expect(await counts()).toBe(before)
  await page.getByRole('button', { name: 'Terug naar het begin' }).click()
  await look(page, 'office-test-reset')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Terug naar het begin' }).click()
  await expect(page.getByText('staat weer aan het begin')).toBeVisible()
  await page.goto(`${demo.officeUrl}/clients`)
  await expect(page.getByRole('row').nth(1)).toContainText('Test')
  await expect(page.getByRole('button', { name: 'Testklant maken' })).toHaveCount(0)
  await look(page, 'office-clients-test')
  await context.close()
})
