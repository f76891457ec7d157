import { expect, type Page, test } from '@playwright/test'

import { demo, desktop, employee, fits, look, open, phone, signIn, totp } from './support'

/** Asks the interface as who is logged in on the page. */
const ask = <T>(page: Page, method: string, path: string, body?: unknown) =>
  page.evaluate(
    async ([verb, at, sent]) => {
      const headers = { 'X-Voordeur': '1', 'Content-Type': 'application/json' }
      const answer = await fetch(`/api/v1${at}`, { method: String(verb), headers, ...(sent ? { body: JSON.stringify(sent) } : {}) })
      if (!answer.ok) throw new Error(`${verb} ${at}: ${answer.status} ${await answer.text()}`)
      return (await answer.json()) as unknown
    },
    [method, path, body] as const,
  ) as Promise<T>

type Dossier = { id: string; client: { id: string }; applicants: { contactId: string; member: { id: string } }[] }

/** A client of one person, with as many dossiers, all opened with one login. */
async function client(page: Page, dossiers: number): Promise<{ all: Dossier[]; username: string }> {
  const username = `gap.${Date.now().toString(36)}`
  const { id } = await ask<{ id: string }>(page, 'GET', '/me')
  const made = (body: object) => ask<Dossier>(page, 'POST', '/dossiers', { adviserId: id, ...body })
  const product = { products: [{ kind: 'mortgage', name: 'Hypotheek' }] }
  const first = await made({
    client: { name: 'Fleur Kant', kind: 'person' },
    ...product,
    applicants: [{ firstName: 'Fleur', lastName: 'Kant', email: `${username}@kant.example`, username }],
  })
  const all = [first]
  while (all.length < dossiers) {
    all.push(await made({ client: { id: first.client.id }, ...product, applicants: [{ contactId: first.applicants[0]?.contactId }] }))
  }
  return { all, username }
}

for (const [name, size] of [
  ['desk', desktop],
  ['phone', phone],
] as const) {
  test(`the office reads every link, splits a login and joins it again (${name})`, async ({ browser }) => {
    const [context, page] = await open(browser, size)
    await signIn(page, 'adviser')
    const { all, username } = await client(page, 2)
    const second = all[1]
    const member = second?.applicants[0]?.member.id ?? ''
    for (let i = 0; i < 2; i++) {
      await page.evaluate((at) => fetch(at, { method: 'POST', headers: { 'X-Voordeur': '1' } }), `/api/v1/portal-members/${member}/invitation`)
    }
    await page.goto(`${demo.officeUrl}/dossiers/${second?.id}?tab=portal`)
    const card = page.getByRole('article', { name: 'Fleur Kant' })
    await card.getByRole('button', { name: 'Alle links' }).click()
    const links = page.getByRole('dialog', { name: 'Links van Fleur' })
    await expect(links.getByRole('listitem')).toHaveCount(2)
    await expect(links.getByRole('listitem').first()).toContainText(/Verstuurd|Wordt verstuurd/)
    await expect(links.getByRole('listitem').nth(1)).toContainText('Vervangen')
    await expect(links.getByRole('listitem').first()).toContainText(`naar ${username}@kant.example`)
    await expect(links.getByRole('listitem').first()).toContainText(`verstuurd door ${employee('adviser').name}`)
    await look(page, `office-links-${name}`)
    await fits(page)
    await links.getByRole('button', { name: 'Sluiten' }).last().click()

    await card.getByRole('button', { name: 'Meer voor Fleur Kant' }).click()
    await page.getByRole('menuitem', { name: 'Geef dit dossier een eigen login' }).click()
    const split = page.getByRole('dialog', { name: 'Dit dossier een eigen login geven' })
    await split.getByRole('button', { name: 'Maak eigen login' }).click()
    await expect(split.getByText('Kies een gebruikersnaam')).toBeVisible()
    await split.getByLabel('Nieuwe gebruikersnaam').fill(username)
    await split.getByRole('button', { name: 'Maak eigen login' }).click()
    await expect(split.getByText('is al in gebruik')).toBeVisible()
    await split.getByLabel('Nieuwe gebruikersnaam').fill(`${username}.twee`)
    await expect(split.getByText('Vrij.')).toBeVisible()
    await look(page, `office-split-${name}`)
    await fits(page)
    await split.getByRole('button', { name: 'Maak eigen login' }).click()
    await expect(split).toBeHidden()
    await expect(card).toContainText(`${username}.twee`)

    await card.getByRole('button', { name: 'Meer voor Fleur Kant' }).click()
    await page.getByRole('menuitem', { name: 'Voeg samen met andere login' }).click()
    const join = page.getByRole('alertdialog')
    await expect(join).toContainText(`De login ${username}.twee wordt gearchiveerd`)
    await look(page, `office-join-${name}`)
    await join.getByRole('button', { name: 'Voeg samen' }).click()
    await expect(page.getByRole('alertdialog', { name: 'Fleur de gebruikersnaam mailen?' })).toContainText(username)
    await page.getByRole('button', { name: 'Niet nu' }).click()
    await expect(card).not.toContainText(`${username}.twee`)
    await expect(card).toContainText(username)
    await context.close()
  })
}

test('an administrator sees where a colleague is logged in, and signs the colleague out everywhere', async ({ browser }) => {
  const [theirs, viewer] = await open(browser, desktop)
  await signIn(viewer, 'viewer', 'brugwachter', { fresh: true })
  const [context, admin] = await open(browser, desktop)
  await signIn(admin, 'admin')
  await admin.goto(`${demo.officeUrl}/settings/employees`)
  const { name, email } = employee('viewer')
  await admin
    .getByRole('row')
    .filter({ hasText: email })
    .getByRole('button', { name: `Meer voor ${name}` })
    .click()
  await admin.getByRole('menuitem', { name: 'Waar ingelogd' }).click()
  const dialog = admin.getByRole('dialog', { name: `Waar is ${name} ingelogd?` })
  await expect(dialog.getByRole('listitem').first()).toContainText('laatst gezien')
  await look(admin, 'office-employee-sessions')
  await dialog.getByRole('button', { name: /overal uit$/ }).click()
  const step = admin.getByRole('dialog', { name: 'Even controleren dat jij het bent' })
  await expect(dialog.getByText('Nu nergens ingelogd.').or(step)).toBeVisible()
  if (await step.isVisible()) {
    await step.getByRole('button', { name: 'Liever met mijn wachtwoord' }).click()
    await step.getByLabel('Wachtwoord').fill(employee('admin').password)
    await step.getByRole('button', { name: 'Verder' }).click()
  }
  await expect(dialog.getByText('Nu nergens ingelogd.')).toBeVisible()
  await viewer.reload()
  await expect(viewer.getByRole('heading', { name: 'Inloggen' })).toBeVisible()
  await context.close()
  await theirs.close()
})

test('what was typed is still there after the session ended and the same person logged in again; not for somebody else', async ({ browser }) => {
  const [context, page] = await open(browser, desktop)
  await signIn(page, 'back_office', 'brugwachter', { fresh: true })
  const { all } = await client(page, 1)
  await page.goto(`${demo.officeUrl}/dossiers/${all[0]?.id}`)
  const edit = page.getByRole('dialog', { name: 'Dossier wijzigen', includeHidden: true })
  const change = async () => {
    await page.getByRole('button', { name: 'Meer acties' }).click()
    await page.getByRole('menuitem', { name: 'Dossier wijzigen' }).click()
  }
  await change()
  await edit.getByLabel('Onderwerp').fill('Wat niet verloren mag gaan')
  await context.clearCookies()
  await edit.getByRole('button', { name: 'Opslaan' }).click()
  const again = page.getByRole('alertdialog', { name: 'Je sessie is verlopen' })
  await expect(again).toBeVisible()
  await expect(page.getByLabel('Onderwerp')).toBeHidden()
  await look(page, 'office-session-over')
  const who = employee('back_office')
  await again.getByLabel('Wachtwoord').fill('dit is het niet')
  await again.getByRole('button', { name: 'Inloggen' }).click()
  await expect(again.getByText(/kennen we niet/)).toBeVisible()
  await page.keyboard.press('Escape')
  await again.getByRole('button', { name: 'Toch niet' }).click()
  await again.getByLabel('Wachtwoord').fill(who.password)
  await again.getByRole('button', { name: 'Inloggen' }).click()
  await again.getByLabel('Code').fill(await totp(who.totpSecret))
  await expect(again).toBeHidden()
  // The request that was refused went out once more by itself.
  await expect(page.getByText('Wat niet verloren mag gaan').first()).toBeVisible()
  await expect(edit).toBeHidden()

  await change()
  await edit.getByLabel('Onderwerp').fill('Van een ander')
  await context.clearCookies()
  await edit.getByRole('button', { name: 'Opslaan' }).click()
  await expect(again).toBeVisible()
  const [tab] = await Promise.all([context.waitForEvent('page'), again.getByRole('link', { name: 'Log in op een ander tabblad' }).click()])
  await signIn(tab, 'viewer', 'brugwachter', { fresh: true })
  await page.bringToFront()
  await again.getByRole('button', { name: 'Ik ben ingelogd' }).click({ timeout: 5000 }).catch(() => undefined)
  await expect(page).toHaveURL(`${demo.officeUrl}/dossiers`)
  await expect(page.getByRole('button', { name: employee('viewer').name })).toBeVisible()
  await expect(again).toBeHidden()
  await expect(page.getByText('Van een ander')).toHaveCount(0)

  // Without anything typed there is nothing to keep: the screen goes, and comes back after the login.
  await context.clearCookies()
  await page.getByRole('link', { name: 'Klanten' }).click()
  await expect(page.getByRole('heading', { name: 'Inloggen' })).toBeVisible()
  await context.close()
})

test('an unknown address keeps the menu beside it; single sign-on names its addresses', async ({ browser }) => {
  const [context, page] = await open(browser, desktop)
  await page.goto(`${demo.officeUrl}/dit/bestaat/niet`)
  await expect(page.getByRole('heading', { name: 'Inloggen' })).toBeVisible()
  await signIn(page, 'admin')
  await page.goto(`${demo.officeUrl}/dit/bestaat/niet`)
  await expect(page.getByRole('heading', { level: 1, name: 'Deze pagina bestaat niet' })).toBeAttached()
  await expect(page.getByRole('navigation', { name: 'Hoofdmenu' })).toBeVisible()
  await look(page, 'office-unknown-address')

  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto(`${demo.officeUrl}/settings/sso`)
  await expect(page.getByLabel('Redirect-adres', { exact: true })).toHaveValue(`${demo.officeUrl}/sso`)
  await expect(page.getByLabel('Adres na uitloggen', { exact: true })).toHaveValue(`${demo.officeUrl}/login`)
  await page.getByRole('button', { name: 'Kopieer Adres na uitloggen' }).click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${demo.officeUrl}/login`)
  await look(page, 'office-sso-addresses')
  await fits(page)
  await context.close()
})
