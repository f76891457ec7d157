import { expect, test } from '@playwright/test'

import { demo, desktop, fits, linksIn, look, mailTo, open, pdf, phone, signIn } from './support'

// The whole of the product in one visit: asked, delivered, sent back, delivered again, approved. Both apps are open at
// once, the office on a desk and the customer on a phone, and nobody reloads.
test('asked, delivered, approved', async ({ browser }) => {
  test.setTimeout(240_000)
  const unique = Date.now().toString(36)
  const mail = `noor.${unique}@post.example`
  const ruben = `bram.${unique}`
  const password = 'de sleutel ligt onder de mat'
  const [desk, office] = await open(browser, desktop)
  const [pocket, portal] = await open(browser, phone)

  await test.step('the adviser makes a client and a dossier for two, one without an e-mail address', async () => {
    await signIn(office, 'adviser')
    await office.goto(`${demo.officeUrl}/dossiers`)
    await office.getByRole('link', { name: 'Nieuw dossier' }).click()
    await expect(office.getByRole('heading', { level: 1, name: 'Nieuw dossier' })).toBeVisible()
    await look(office, 'story-01-new-dossier')
    const first = office.getByRole('region', { name: 'Aanvrager 1' })
    await first.getByLabel('Voornaam').fill('Noor')
    await first.getByLabel('Achternaam').fill('Verhaal')
    await first.getByLabel('E-mailadres').fill(mail)
    await expect(first.getByLabel('Gebruikersnaam')).toHaveValue(mail)
    await office.getByRole('button', { name: 'Aanvrager toevoegen' }).click()
    const second = office.getByRole('region', { name: 'Aanvrager 2' })
    await second.getByLabel('Voornaam').fill('Bram')
    await second.getByLabel('Achternaam').fill('Verhaal')
    await second.getByLabel('Gebruikersnaam').fill(ruben)
    await office.getByLabel('Onderwerp').fill('de hypotheek voor de Veerstraat')
    await look(office, 'story-02-new-dossier-filled')
    await office.getByRole('button', { name: 'Dossier maken' }).click()
    await expect(office.getByRole('heading', { level: 1, name: /Verhaal/ })).toBeVisible()
    await expect(office).toHaveURL(/dossiers\/[0-9a-f-]{36}/)
  })

  await test.step('asks for three documents from the list of usual ones', async () => {
    await office.getByRole('button', { name: 'Actiepunt', exact: true }).click()
    const dialog = office.getByRole('dialog')
    await expect(dialog).toBeVisible()
    for (const title of ['Koopovereenkomst', 'Taxatierapport', 'Bankafschrift spaargeld']) {
      await dialog.getByRole('checkbox', { name: title }).check()
    }
    await look(office, 'story-03-ask')
    await dialog.getByRole('button', { name: /3 actiepunten vragen/ }).click()
    await expect(dialog).toBeHidden()
  })

  await test.step('and sends the invitation', async () => {
    await office.getByRole('button', { name: 'Uitnodiging versturen' }).first().click()
    const dialog = office.getByRole('dialog').or(office.getByRole('alertdialog'))
    await expect(dialog.getByText(mail)).toBeVisible()
    await look(office, 'story-04-invite')
    await dialog.getByRole('button', { name: 'Uitnodiging versturen' }).click()
    await expect(dialog).toBeHidden()
  })

  const invitation = await mailTo(mail, /portaal/i)
  const links = linksIn(invitation)
  await test.step('one mail holds the links of both (A5)', async () => {
    expect(links).toHaveLength(2)
    expect(invitation.text).toContain(mail)
    expect(invitation.text).toContain(ruben)
    for (const link of links) expect(link).toContain(`${demo.portalUrl}/brugwachter/activate#`)
  })

  await test.step('the customer opens the link on a phone, chooses a password and logs in', async () => {
    await portal.goto(links[0] ?? '')
    await expect(portal.getByLabel('Nieuw wachtwoord')).toBeVisible()
    await fits(portal)
    await look(portal, 'story-05-activate')
    await portal.getByLabel('Nieuw wachtwoord').fill(password)
    await portal.getByRole('button', { name: 'Wachtwoord opslaan' }).click()
    await expect(portal.getByLabel('Wachtwoord', { exact: true })).toBeVisible()
    await look(portal, 'story-06-login')
    await portal.getByLabel('Gebruikersnaam').fill(mail)
    await portal.getByLabel('Wachtwoord', { exact: true }).fill(password)
    await portal.getByRole('button', { name: 'Inloggen' }).click()
  })

  const progress = portal.getByText(/^\s*\d+\s*%\s*$/).first()
  await test.step('sees Mijn overzicht with 0 % and a bell with 3', async () => {
    await expect(portal.getByRole('heading', { name: /Jouw beurt|Jullie beurt/ })).toBeVisible()
    await expect(progress).toHaveText(/^\s*0\s*%\s*$/)
    await expect(portal.getByText('3 open actiepunten').first()).toBeAttached()
    await fits(portal)
    await look(portal, 'story-07-overview')
  })

  const deliver = async (title: string, files: { name: string; mimeType: string; buffer: Buffer }[], shot: string) => {
    const heading = portal.getByRole('heading', { level: 1, name: new RegExp(title) })
    if (!(await heading.isVisible()))
      await portal
        .getByRole('link', { name: new RegExp(title) })
        .first()
        .click()
    await expect(heading).toBeVisible()
    await portal
      .getByRole('button', { name: /Nu aanleveren/ })
      .first()
      .click()
    await portal.locator('input[type=file]').first().setInputFiles(files)
    for (const file of files) await expect(portal.getByText(file.name).first()).toBeVisible()
    await expect(portal.getByRole('button', { name: 'Indienen' })).toBeEnabled()
    await look(portal, shot)
    await portal.getByRole('button', { name: 'Indienen' }).click()
  }

  await test.step('delivers one document, two files', async () => {
    await deliver(
      'Koopovereenkomst',
      [
        { name: 'koopovereenkomst.pdf', mimeType: 'application/pdf', buffer: pdf('Koopovereenkomst') },
        { name: 'bijlage.pdf', mimeType: 'application/pdf', buffer: pdf('Bijlage') },
      ],
      'story-08-deliver',
    )
    await expect(portal.getByText('koopovereenkomst.pdf').first()).toBeVisible()
    await look(portal, 'story-09-delivered')
    await portal
      .getByRole('link', { name: /Mijn overzicht|Dossier/ })
      .first()
      .click()
    await expect(progress).toHaveText(/^\s*33\s*%\s*$/)
    await expect(portal.getByText('2 open actiepunten').first()).toBeAttached()
    await look(portal, 'story-10-overview-33')
  })

  await test.step('the adviser sees it arrive without reloading, and opens it beside the action point', async () => {
    await expect(office.getByText(/, 1 te beoordelen/).first()).toBeAttached()
    await look(office, 'story-11-arrived')
    await office
      .getByRole('navigation', { name: 'Onderdelen van dit dossier' })
      .getByRole('link', { name: /Overzicht/ })
      .click()
    await office.getByRole('link', { name: /^Beoordelen/ }).click()
    await expect(office.getByRole('region', { name: 'Beoordeling' }).getByRole('heading', { name: 'Koopovereenkomst' })).toBeVisible()
    const viewer = office.getByRole('region', { name: 'Document', exact: true })
    await expect(viewer.getByText('koopovereenkomst.pdf').first()).toBeVisible()
    await expect(viewer.locator('canvas, img').first()).toBeVisible()
    await look(office, 'story-12-review')
  })

  await test.step('the customer chose the wrong file and takes it back; the adviser sees it go', async () => {
    await portal
      .getByRole('link', { name: /Koopovereenkomst/ })
      .first()
      .click()
    await portal.getByRole('button', { name: 'Terughalen' }).click()
    const question = portal.getByRole('dialog', { name: 'Wil je dit terughalen?' })
    await expect(question).toContainText('Brugwachter')
    await fits(portal)
    await look(portal, 'story-12a-take-back')
    await question.getByRole('button', { name: 'Terughalen' }).click()
    await expect(question).toBeHidden()
    await expect(portal.getByText('koopovereenkomst.pdf')).toHaveCount(0)
    await expect(portal.getByRole('button', { name: /Nu aanleveren/ })).toBeVisible()
    await look(portal, 'story-12b-taken-back')
    const queue = office.getByRole('navigation', { name: 'Actiepunten' })
    await expect(queue.getByRole('link', { name: /Koopovereenkomst/ }).filter({ hasText: 'Verhaal' })).toHaveCount(0)
    await look(office, 'story-12c-taken-back')
    await deliver(
      'Koopovereenkomst',
      [{ name: 'koopovereenkomst.pdf', mimeType: 'application/pdf', buffer: pdf('Koopovereenkomst') }],
      'story-12d-instead',
    )
    await queue
      .getByRole('link', { name: /Koopovereenkomst/ })
      .filter({ hasText: 'Verhaal' })
      .first()
      .click()
    await expect(office.getByRole('region', { name: 'Document', exact: true }).getByText('koopovereenkomst.pdf').first()).toBeVisible()
    await portal
      .getByRole('link', { name: /Mijn overzicht|Dossier/ })
      .first()
      .click()
    await expect(progress).toHaveText(/^\s*33\s*%\s*$/)
  })

  const reason = 'Bladzijde twee ontbreekt, daar staan de handtekeningen.'
  await test.step('rejects it with a reason', async () => {
    const panel = office.getByRole('region', { name: 'Beoordeling' })
    await panel.getByRole('button', { name: /Afkeuren/ }).click()
    await expect(panel.getByText('Zeg waarom, dan weet de klant wat er nodig is')).toBeVisible()
    await panel.getByLabel(/Opmerking voor de klant/).fill(reason)
    await panel.getByRole('button', { name: /Afkeuren/ }).click()
    await expect(panel.getByRole('heading', { name: 'Koopovereenkomst' })).toBeHidden()
  })

  await test.step('the customer is back at 0 % by itself, reads that it is asked again and why', async () => {
    await expect(progress).toHaveText(/^\s*0\s*%\s*$/)
    await expect(portal.getByText(/Opnieuw gevraagd/).first()).toBeVisible()
    await expect(portal.getByText(reason).first()).toBeVisible()
    await fits(portal)
    await look(portal, 'story-13-asked-again')
  })

  await test.step('delivers again', async () => {
    await deliver(
      'Koopovereenkomst',
      [{ name: 'koopovereenkomst-compleet.pdf', mimeType: 'application/pdf', buffer: pdf('Compleet') }],
      'story-14-deliver-again',
    )
    await expect(portal.getByText('koopovereenkomst-compleet.pdf').first()).toBeVisible()
  })

  await test.step('and the adviser approves', async () => {
    const queue = office.getByRole('navigation', { name: 'Actiepunten' })
    await queue
      .getByRole('link', { name: /Koopovereenkomst/ })
      .filter({ hasText: 'Verhaal' })
      .first()
      .click()
    const panel = office.getByRole('region', { name: 'Beoordeling' })
    await expect(panel.getByText('Poging').first()).toBeVisible()
    await expect(panel.getByText(reason)).toBeVisible()
    await look(office, 'story-15-second-round')
    await panel.getByRole('button', { name: /Goedkeuren/ }).click()
    await portal
      .getByRole('link', { name: /Mijn overzicht|Dossier/ })
      .first()
      .click()
    await expect(progress).toHaveText(/^\s*33\s*%\s*$/)
    await portal
      .getByRole('link', { name: /Hypotheek/ })
      .first()
      .click()
    await expect(portal.getByText('Goedgekeurd').first()).toBeVisible()
    await fits(portal)
    await look(portal, 'story-16-approved')
  })
  await desk.close()
  await pocket.close()
})
