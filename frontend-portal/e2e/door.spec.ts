import { expect, type Page, test } from '@playwright/test'

import { customer, demo, fits, linksIn, look, mailTo, open, phone, wide } from './support'

// Getting in: with a password, with a link, with a link that no longer works, and with a password that was forgotten.

async function fillLogin(page: Page, username: string, password: string) {
  await page.getByLabel('Gebruikersnaam').fill(username)
  await page.getByLabel('Wachtwoord', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Inloggen' }).click()
}

test('logging in: empty, wrong and right', async ({ browser }) => {
  const eva = customer('eva.dewit')
  const [context, page] = await open(browser, phone)
  await page.goto(`${demo.portalUrl}/brugwachter/login`)
  await expect(page.getByRole('heading', { level: 1, name: 'Inloggen' })).toBeVisible()
  await fits(page)
  await look(page, 'portal-login')
  // Where there is room, the office's welcome stands beside it (B1).
  await page.setViewportSize(wide.viewport)
  await expect(page.getByText('Alles over je huis, achter één deur.')).toBeVisible()
  await look(page, 'portal-login-1280')
  await page.setViewportSize(phone.viewport)

  await page.getByRole('button', { name: 'Inloggen' }).click()
  await expect(page.getByLabel('Gebruikersnaam')).toHaveAttribute('aria-invalid', 'true')
  await look(page, 'portal-login-empty')

  await fillLogin(page, eva.username, 'dit is niet het goede wachtwoord')
  await expect(page.getByText(/Deze combinatie kennen we niet/)).toBeVisible()
  await look(page, 'portal-login-wrong')

  // Upper case is the same name (A1).
  await fillLogin(page, eva.username.toUpperCase(), eva.password)
  await expect(page.getByText('Sanne Verhulst').first()).toBeVisible()
  await fits(page)
  await look(page, 'portal-overview')
  // Without the session the same address asks to log in.
  await context.clearCookies()
  await page.reload()
  await expect(page.getByRole('button', { name: 'Inloggen' })).toBeVisible()
  await context.close()
})

test('the formal office says u, in its own colour', async ({ browser }) => {
  const [context, page] = await open(browser, wide)
  await page.goto(`${demo.portalUrl}/lindenhof/login`)
  await expect(page.getByLabel('Gebruikersnaam')).toBeVisible()
  await fits(page)
  await look(page, 'portal-lindenhof-login-1280')
  await expect(page.locator('body')).not.toContainText(/\b(je|jij|jouw)\b/)
  await context.close()
})

test('a link that is too old offers a new one', async ({ browser }) => {
  const old = demo.links.find((link) => link.state === 'expired' && link.office === 'brugwachter')
  const [context, page] = await open(browser, phone)
  await page.goto(old?.url ?? '')
  await expect(page.getByText(/verlopen|48 uur/).first()).toBeVisible()
  await fits(page)
  await look(page, 'portal-link-expired')
  await page.getByRole('button', { name: /nieuwe link|Nieuwe link/ }).click()
  const mail = await mailTo('gerda.nijland@post.example', /./)
  expect(linksIn(mail).length).toBeGreaterThan(0)
  expect(linksIn(mail)).not.toContain(old?.url)
  await look(page, 'portal-link-renewed')
  await context.close()
})

test('a link works once, however often it was opened first', async ({ browser }) => {
  test.setTimeout(120_000)
  const link = demo.links.find((one) => one.state === 'usable' && one.office === 'brugwachter' && one.username.includes('@'))
  if (!link) throw new Error('the demo has no link that works')
  // What mail scanners and previews do.
  for (let i = 0; i < 50; i++) await fetch(link.url)
  const [context, page] = await open(browser, phone)
  await page.goto(link.url)
  await expect(page.getByLabel('Nieuw wachtwoord')).toBeVisible()
  await expect(page.getByText(link.username).first()).toBeVisible()
  await look(page, 'portal-activate')

  await page.getByLabel('Nieuw wachtwoord').fill('kort')
  await page.getByRole('button', { name: 'Wachtwoord opslaan' }).click()
  await expect(page.getByLabel('Nieuw wachtwoord')).toHaveAttribute('aria-invalid', 'true')
  await look(page, 'portal-activate-short')

  await page.getByLabel('Nieuw wachtwoord').fill('aaaaaaaaaaaaaaaaaa')
  await expect(page.getByRole('status').filter({ hasText: 'Makkelijk te raden' })).toBeVisible()
  const password = 'een zin die niemand raadt'
  await page.getByLabel('Nieuw wachtwoord').fill(password)
  await expect(page.getByRole('status').filter({ hasText: 'Sterk' })).toBeVisible()
  await page.getByRole('button', { name: 'Wachtwoord opslaan' }).click()
  await expect(page.getByRole('button', { name: 'Inloggen' })).toBeVisible()
  await fillLogin(page, link.username, password)
  await expect(page.getByText('Sanne Verhulst').first()).toBeVisible()

  const [again, second] = await open(browser, phone)
  await second.goto(link.url)
  await expect(second.getByText(/al gebruikt|gebruikt/).first()).toBeVisible()
  await look(second, 'portal-link-used')
  await again.close()
  await context.close()
})

test('a forgotten password: one mail, a new password, and the old one is worth nothing', async ({ browser }) => {
  test.setTimeout(120_000)
  const petra = customer('petra.oosterhuis@post.example')
  const [context, page] = await open(browser, phone)
  await page.goto(`${demo.portalUrl}/brugwachter/login`)
  await page.getByRole('link', { name: /[Vv]ergeten/ }).click()
  await look(page, 'portal-forgot')
  await page.getByLabel('Gebruikersnaam').fill(petra.username)
  await page.getByRole('button', { name: /link/ }).click()
  await expect(
    page
      .getByRole('status')
      .or(page.getByRole('heading', { name: /mail|onderweg/i }))
      .first(),
  ).toBeVisible()
  await look(page, 'portal-forgot-sent')
  const [link] = linksIn(await mailTo('petra.oosterhuis@post.example', /wachtwoord/i))
  await page.goto(link ?? '')
  await page.getByLabel('Nieuw wachtwoord').fill('nieuw en toch te onthouden')
  await page.getByRole('button', { name: 'Wachtwoord opslaan' }).click()
  await expect(page.getByRole('button', { name: 'Inloggen' })).toBeVisible()
  await fillLogin(page, petra.username, petra.password)
  await expect(page.getByText(/Deze combinatie kennen we niet/)).toBeVisible()
  await fillLogin(page, petra.username, 'nieuw en toch te onthouden')
  await expect(page.getByText('Sanne Verhulst').first()).toBeVisible()
  await context.close()
})

test('a name that nobody has gets the same answer', async ({ browser }) => {
  const [context, page] = await open(browser, phone)
  await page.goto(`${demo.portalUrl}/brugwachter/forgot`)
  await page.getByLabel('Gebruikersnaam').fill('niemand@post.example')
  await page.getByRole('button', { name: /link/ }).click()
  await expect(
    page
      .getByRole('status')
      .or(page.getByRole('heading', { name: /mail|onderweg/i }))
      .first(),
  ).toBeVisible()
  await context.close()
})
