import { expect, test } from '@playwright/test'

import { Authenticator } from './oath'
import { customer, demo, desktop, fits, look, mailTo, open, phone, signIn } from './support'

// The office wants a second step of every customer: who has none is led through setting it up, and the dossier shows it (B3).

test('an office asks its customers to log in with two steps', async ({ browser }) => {
  test.setTimeout(180_000)
  const [office, desk] = await open(browser, desktop)
  await signIn(desk, 'admin', 'lindenhof')
  const publish = async (on: boolean) => {
    await desk.goto(`${demo.officeUrl}/settings/portal`)
    await desk.getByLabel(/Alle klanten loggen in met twee stappen/).setChecked(on)
    if (on) await look(desk, 'office-two-step-mandatory')
    await desk.getByRole('button', { name: 'Publiceren' }).click()
    await expect(desk.getByText('Gepubliceerd. Klanten zien het meteen.')).toBeVisible()
  }
  await publish(true)

  const saskia = customer('saskia.moerdijk@post.example', 'lindenhof')
  const [home, page] = await open(browser, phone)
  await page.goto(`${demo.portalUrl}/lindenhof/login`)
  await page.getByLabel('Gebruikersnaam').fill(saskia.username)
  await page.getByLabel('Wachtwoord', { exact: true }).fill(saskia.password)
  await page.getByRole('button', { name: 'Inloggen' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Stel een tweede stap in' })).toBeVisible()
  await look(page, 'portal-must-set-up')
  await page.getByRole('button', { name: 'Beginnen' }).click()
  const app = new Authenticator((await page.locator('.key').textContent()) ?? '')
  await fits(page)
  await expect(page.locator('.qr svg')).toBeVisible()
  await look(page, 'portal-must-set-up-code')
  // Half a session reaches nothing else.
  await page.getByLabel('Code uit uw app').fill(await app.code())
  await page.getByRole('button', { name: 'Zet aan' }).click()
  await page.getByLabel('Ik heb de codes op een veilige plek bewaard').check()
  await look(page, 'portal-must-set-up-codes')
  await page.getByRole('button', { name: 'Klaar' }).click()
  await expect(page.getByRole('link', { name: 'Meer' })).toBeVisible()
  await page.goto(`${demo.portalUrl}/lindenhof/settings/two-step`)
  await expect(page.getByText(/Daarom kunt u hem niet uitzetten/)).toBeVisible()
  await expect(page.locator('main')).not.toContainText(/\b(je|jij|jouw)\b/)
  await home.close()

  await publish(false)
  await desk.goto(`${demo.officeUrl}/dossiers?q=moerdijk`)
  await desk
    .getByRole('link', { name: /Moerdijk/ })
    .first()
    .click()
  await desk.getByRole('navigation', { name: 'Onderdelen van dit dossier' }).getByRole('link', { name: 'Portaal' }).click()
  await expect(desk.getByText('Tweede stap').locator('xpath=following-sibling::dd[1]')).toHaveText(/^Aan/)
  await look(desk, 'office-dossier-two-step')

  // Who lost everything waits a day, hears of it at once, and can stop it from the mail.
  await desk.getByRole('button', { name: /Haal weg/ }).click()
  await look(desk, 'office-two-step-reset')
  await desk.getByRole('button', { name: 'Haal weg over 24 uur' }).click()
  await expect(desk.getByText(/tenzij Saskia dat stopt/)).toBeVisible()
  await look(desk, 'office-two-step-reset-running')
  const mail = await mailTo('saskia.moerdijk@post.example', /wordt weggehaald/)
  const stop = /https?:\/\/\S+\/stop#[\w-]+/.exec(mail.text)?.[0] ?? ''
  const [street, mobile] = await open(browser, phone)
  await mobile.goto(stop)
  await expect(mobile.getByRole('heading', { level: 1, name: 'Tweede stap aan laten staan' })).toBeVisible()
  await fits(mobile)
  await look(mobile, 'portal-stop-reset')
  await mobile.getByRole('button', { name: 'Laat mijn tweede stap aan staan' }).click()
  await expect(mobile.getByText('Gestopt. Uw tweede stap blijft aan.')).toBeVisible()
  await look(mobile, 'portal-stop-reset-done')
  await mobile.goto(stop)
  await mobile.reload()
  await mobile.getByRole('button', { name: 'Laat mijn tweede stap aan staan' }).click()
  await expect(mobile.getByText(/Er is niets meer te stoppen/)).toBeVisible()
  await street.close()
  await desk.reload()
  await expect(desk.getByRole('button', { name: /Haal weg/ })).toBeVisible()
  await office.close()
})
