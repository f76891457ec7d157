import { type Browser, expect, type Page, test } from '@playwright/test'

import { demo, desktop, look, open, signIn } from './support'

// What happens at an adviser's desk besides the main story: people come and go, colleagues work in the same dossier.

async function asAdviser(browser: Browser) {
  const [context, page] = await open(browser, desktop)
  await signIn(page, 'adviser')
  return { context, page }
}

/** A dossier of its own, so that nothing here depends on what another journey did; made as the office's software would. */
async function newDossier(
  page: Page,
  name: string,
  more: Record<string, unknown> = {},
): Promise<{ id: string; products: { id: string }[]; adviser: { id: string } }> {
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

  await card('Gijs Zonder Adres')
    .getByRole('button', { name: /Meer voor/ })
    .click()
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

type Point = { id: string; title: string; dossierId: string; submissions: { round: number; files: unknown[] }[] }

async function queue(page: Page): Promise<Point[]> {
  const answer = await page.request.get(`${demo.officeUrl}/api/v1/action-points?state=submitted&limit=200`)
  return ((await answer.json()) as { items: Point[] }).items
}

test('the board: a card is dragged, or moved by keyboard; what is done stands under today', async ({ browser }) => {
  const { context, page } = await asAdviser(browser)
  // The top of the column, so that nothing scrolls between taking hold of a card and letting it go.
  const [first, second] = (await queue(page)).filter((point) => point.submissions.length === 1)
  if (!first || !second) throw new Error('the demo has nothing to review')
  await page.goto(`${demo.officeUrl}/review`)
  await page.getByRole('button', { name: 'Bord', exact: true }).click()
  await expect(page).toHaveURL(/view=board/)
  const lane = (name: string) => page.getByRole('region', { name, exact: true })
  const card = (point: Point) => page.locator(`[data-point="${point.id}"]`)
  await expect(lane('Aangeleverd').locator(`[data-point="${first.id}"]`)).toBeVisible()
  await look(page, 'office-review-board')

  // What came in cannot go back to the customer without a word; it can be approved.
  await card(first).dragTo(lane('Vandaag afgehandeld'), { targetPosition: { x: 120, y: 80 } })
  await expect(lane('Vandaag afgehandeld').locator(`[data-point="${first.id}"]`)).toBeVisible()

  await card(second).getByRole('link').focus()
  await page.keyboard.press('m')
  await page.getByRole('menuitem', { name: 'Naar Opnieuw gevraagd' }).press('Enter')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox').fill('De tweede bladzijde ontbreekt.')
  await dialog.getByRole('button', { name: 'Afkeuren' }).click()
  await expect(dialog).toBeHidden()
  await expect(lane('Opnieuw gevraagd').locator(`[data-point="${second.id}"]`)).toBeVisible()

  await page.getByRole('button', { name: 'Lijst', exact: true }).click()
  const list = page.getByRole('navigation', { name: 'Actiepunten' })
  await expect(list.getByRole('heading', { name: /Vandaag afgehandeld/ })).toBeVisible()
  await expect(list.locator(`a[href*="${first.id}"]`)).toBeVisible()
  await context.close()
})

test('a second attempt is read beside the first, with the reason why that was not good', async ({ browser }) => {
  const { context, page } = await asAdviser(browser)
  const point = (await queue(page)).find((one) => one.submissions.length > 1)
  if (!point) throw new Error('the demo has no second attempt to review')
  await page.goto(`${demo.officeUrl}/review?point=${point.id}`)
  const now = page.getByRole('region', { name: 'Document', exact: true })
  await now.getByRole('button', { name: 'Vergelijk met poging 1' }).click()
  const before = page.getByRole('region', { name: 'Poging 1' })
  await expect(before.locator('.before-head .quote')).not.toBeEmpty()
  for (const pane of [before, now]) {
    const sheet = pane.locator('canvas.page')
    await expect(sheet).toBeVisible()
    // What is shown is never still white.
    const ink = await sheet.evaluate((canvas: HTMLCanvasElement) =>
      canvas
        .getContext('2d')
        ?.getImageData(0, 0, canvas.width, canvas.height)
        .data.some((value, at) => at % 4 < 3 && value < 100),
    )
    expect(ink).toBe(true)
  }
  await look(page, 'office-review-compare')
  await now.getByRole('button', { name: 'Vergelijk met poging 1' }).click()
  await expect(before).toHaveCount(0)
  await context.close()
})

test('Ctrl K finds a dossier, a client and a verb without a mouse', async ({ browser }) => {
  const { context, page } = await asAdviser(browser)
  await page.goto(`${demo.officeUrl}/clients`)
  await expect(page.getByRole('button', { name: 'Zoek of doe iets' })).toBeVisible()
  await page.keyboard.press('Control+k')
  const palette = page.getByRole('dialog', { name: 'Zoek of doe iets' })
  await expect(palette.getByRole('option', { name: /Alle dossiers/ })).toBeVisible()
  await page.keyboard.type('timmer')
  await expect(palette.getByRole('option', { name: /De Wit en Timmer D-/ })).toBeVisible()
  await look(page, 'office-palette')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/dossiers/)
  await expect(page.getByRole('heading', { level: 1, name: 'De Wit en Timmer' })).toBeVisible()

  await page.keyboard.press('Control+k')
  await expect(palette.getByRole('searchbox')).toBeFocused()
  await page.keyboard.type('er is niemand die zo heet')
  await expect(palette.getByText('Niets gevonden voor')).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await expect(palette).toHaveCount(0)
  await page.keyboard.press('Control+k')
  await expect(palette.getByRole('searchbox')).toBeFocused()
  await page.keyboard.type('>documenten')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/tab=documents/)
  await context.close()
})

test('a closed dossier takes nothing new, and says why', async ({ browser }) => {
  const { context, page } = await asAdviser(browser)
  const dossier = await newDossier(page, 'Afgerond')
  await page.goto(`${demo.officeUrl}/dossiers/${dossier.id}?tab=documents`)
  await expect(page.getByRole('button', { name: 'Document toevoegen' })).toBeVisible()
  await page.getByRole('button', { name: 'Meer acties' }).click()
  await page.getByRole('menuitem', { name: 'Dossier afsluiten' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Dossier afsluiten' }).click()
  await expect(page.getByText('Er kan niets meer bij')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Document toevoegen' })).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Actiepunt', exact: true })).toHaveCount(0)
  await page.keyboard.press('a')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await look(page, 'office-closed-documents')
  await page.getByRole('button', { name: 'Dossier heropenen' }).click()
  await expect(page.getByRole('button', { name: 'Document toevoegen' })).toBeVisible()
  await context.close()
})

test('a hasty hand: a double click saves once, and going back does not lose what was typed', async ({ browser }) => {
  const { context, page } = await asAdviser(browser)
  const dossier = await newDossier(page, 'Haast')
  await page.goto(`${demo.officeUrl}/dossiers/${dossier.id}`)
  const sent: string[] = []
  page.on('request', (request) => {
    if (request.method() === 'POST') sent.push(new URL(request.url()).pathname)
  })
  // Twice before the screen can have drawn that the first is on its way.
  const twice = (button: ReturnType<Page['getByRole']>) =>
    button.evaluate((element: HTMLElement) => {
      element.click()
      element.click()
    })
  await page.getByRole('button', { name: 'Product', exact: true }).click()
  await twice(page.getByRole('dialog').getByRole('button', { name: 'Toevoegen' }))
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.getByRole('button', { name: 'Uitnodiging versturen' }).first().click()
  await twice(page.getByRole('alertdialog').getByRole('button', { name: 'Uitnodiging versturen' }))
  await expect(page.getByRole('alertdialog')).toHaveCount(0)
  expect(sent.map((path) => path.split('/').at(-1))).toEqual(['products', 'invitation'])

  await page.goto(`${demo.officeUrl}/dossiers`)
  await page.getByRole('link', { name: 'Nieuw dossier' }).click()
  const name = page.getByRole('region', { name: 'Aanvrager 1' }).getByLabel('Voornaam')
  await name.fill('Halverwege')
  await page.goBack()
  const question = page.getByRole('alertdialog')
  await expect(question).toContainText('Weggaan zonder op te slaan?')
  await look(page, 'office-leave')
  await question.getByRole('button', { name: 'Annuleer' }).click()
  await expect(name).toHaveValue('Halverwege')
  await page.goBack()
  await question.getByRole('button', { name: 'Weggaan' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Dossiers' })).toBeVisible()
  await context.close()
})
