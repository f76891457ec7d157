import { readFileSync } from 'node:fs'

import { expect, type Page, test } from '@playwright/test'

import { Authenticator } from './oath'
import { customer, demo, fits, look, mailTo, open, phone, wide } from './support'

// Logging in with two steps: switched on, asked for, what to do without the telephone, switched off again (A10, B3).

async function fillLogin(page: Page, username: string, password: string) {
  await page.goto(`${demo.portalUrl}/brugwachter/login`)
  await page.getByLabel('Gebruikersnaam').fill(username)
  await page.getByLabel('Wachtwoord', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Inloggen' }).click()
}

const settings = (page: Page) => page.goto(`${demo.portalUrl}/brugwachter/settings/two-step`)

test('the second step, from setting up to switching off', async ({ browser }) => {
  test.setTimeout(240_000)
  const bas = customer('bas.hofman@post.example')
  const [context, page] = await open(browser, phone, { acceptDownloads: true })
  await fillLogin(page, bas.username, bas.password)
  await expect(page.getByRole('link', { name: 'Meer' })).toBeVisible()
  await page.getByRole('link', { name: 'Meer' }).click()
  await expect(page.getByText('Uit. Met een code uit een app')).toBeVisible()
  await look(page, 'portal-settings-two-step-off')
  await page.getByRole('link', { name: /Instellen/ }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Inloggen in twee stappen' })).toBeVisible()

  // A password of over 15 minutes ago is asked for again, by itself, and the work goes on after it.
  await page.route(
    '**/portal/me/second-factor/setup',
    (route) =>
      route.fulfill({ status: 403, contentType: 'application/problem+json', body: '{"status":403,"code":"step-up-required","title":"x"}' }),
    { times: 1 },
  )
  await page.getByRole('button', { name: 'Instellen' }).click()
  const again = page.getByRole('dialog', { name: 'Even controleren dat jij het bent' })
  await expect(again.getByLabel('Wachtwoord', { exact: true })).toBeFocused()
  await again.getByLabel('Wachtwoord', { exact: true }).fill('niet goed')
  await again.getByRole('button', { name: 'Verder' }).click()
  await expect(again.getByText('Dit wachtwoord klopt niet.')).toBeVisible()
  await look(page, 'portal-step-up')
  await again.getByLabel('Wachtwoord', { exact: true }).fill(bas.password)
  await page.keyboard.press('Enter')

  await expect(page.getByRole('img', { name: 'QR-code om de app te koppelen' })).toBeVisible()
  await fits(page)
  await look(page, 'portal-two-step-setup')
  await page.setViewportSize({ width: 1440, height: 900 })
  await look(page, 'portal-two-step-setup-1440')
  await page.setViewportSize(phone.viewport)
  const app = new Authenticator((await page.locator('.key').textContent()) ?? '')
  await page.getByLabel('Code uit je app').fill('000000')
  await page.getByRole('button', { name: 'Zet aan' }).click()
  await expect(page.getByText(/Die code klopt niet/)).toBeVisible()
  await page.getByLabel('Code uit je app').fill(await app.code())
  await page.getByRole('button', { name: 'Zet aan' }).click()
  await expect(page.locator('.codes li')).toHaveCount(10)
  const codes = await page.locator('.codes li').allTextContents()
  await fits(page)
  await look(page, 'portal-two-step-codes')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Bewaar als bestand' }).click()
  const kept = readFileSync((await (await download).path()) ?? '', 'utf8')
  for (const code of codes) expect(kept).toContain(code)
  await page.getByRole('button', { name: 'Klaar' }).click()
  await expect(page.getByText('Bewaar eerst de codes')).toBeVisible()
  await page.getByLabel('Ik heb de codes op een veilige plek bewaard').check()
  await page.getByRole('button', { name: 'Klaar' }).click()
  await expect(page.getByText('Er zijn er nog 10 over.')).toBeVisible()
  await fits(page)
  await look(page, 'portal-two-step-on')
  await page.emulateMedia({ colorScheme: 'dark' })
  await look(page, 'portal-two-step-on-dark')
  await page.emulateMedia({ colorScheme: 'light' })
  expect((await mailTo('bas.hofman@post.example', /twee stappen staat aan/)).text).toContain(bas.username)

  // Somewhere else the password alone opens nothing.
  const [other, desk] = await open(browser, wide)
  await fillLogin(desk, bas.username, bas.password)
  await expect(desk.getByRole('heading', { level: 1, name: 'Nog één stap' })).toBeVisible()
  await expect(desk.getByLabel('Code uit je app')).toBeFocused()
  await look(desk, 'portal-second-step-1280')
  expect((await desk.request.get(`${demo.portalUrl}/api/v1/portal/dossiers`)).status()).toBe(401)
  await desk.setViewportSize(phone.viewport)
  await desk.getByText('Ik kan geen code geven').click()
  await fits(desk)
  await look(desk, 'portal-second-step-help')
  await desk.getByLabel('Code uit je app').fill('000000')
  await desk.getByRole('button', { name: 'Inloggen' }).click()
  await expect(desk.getByText(/Die code klopt niet/)).toBeVisible()
  await desk.getByLabel('Code uit je app').fill(await app.code())
  await desk.getByRole('button', { name: 'Inloggen' }).click()
  await expect(desk.getByRole('link', { name: 'Meer' })).toBeVisible()
  await other.close()

  // With a new telephone: a recovery code, typed over sloppily, once.
  for (const works of [true, false]) {
    const [third, tablet] = await open(browser, wide)
    await fillLogin(tablet, bas.username, bas.password)
    await tablet.getByText('Ik kan geen code geven').click()
    await tablet.getByRole('button', { name: 'Gebruik een herstelcode' }).click()
    await tablet.getByLabel('Herstelcode').fill((codes[0] ?? '').toLowerCase().replaceAll('-', ' '))
    await tablet.getByRole('button', { name: 'Inloggen' }).click()
    if (works) await expect(tablet.getByRole('link', { name: /Instellingen/ }).first()).toBeVisible()
    else {
      await expect(tablet.getByText(/Deze herstelcode klopt niet/)).toBeVisible()
      // What was typed stands there still, to be put right.
      await expect(tablet.getByLabel('Herstelcode')).toHaveValue((codes[0] ?? '').toLowerCase().replaceAll('-', ' '))
      // Whoever turns back half-way is logged out, which empties the browser; what was chosen for this device stays.
      await tablet.evaluate(() => {
        localStorage.setItem('theme', 'dark')
        sessionStorage.setItem('emptied', 'not yet')
      })
      await tablet.getByRole('button', { name: 'Terug naar het wachtwoord' }).click()
      const left = () => tablet.evaluate(() => [sessionStorage.getItem('emptied'), localStorage.getItem('theme')])
      await expect.poll(left).toEqual([null, 'dark'])
    }
    await third.close()
  }
  await mailTo('bas.hofman@post.example', /herstelcode/)

  // Off only with a code.
  await settings(page)
  await expect(page.getByText('Er zijn er nog 9 over.')).toBeVisible()
  await page.getByRole('button', { name: /Zet uit/ }).click()
  await page.getByLabel('Code uit je app').fill('000000')
  await page.getByRole('button', { name: 'Zet de tweede stap uit' }).click()
  await expect(page.getByText(/Die code klopt niet/)).toBeVisible()
  await look(page, 'portal-two-step-switch-off')
  await page.getByLabel('Code uit je app').fill(await app.code())
  await page.getByRole('button', { name: 'Zet de tweede stap uit' }).click()
  await expect(page.getByRole('button', { name: 'Instellen' })).toBeVisible()
  await context.clearCookies()
  await fillLogin(page, bas.username, bas.password)
  await expect(page.getByRole('link', { name: 'Meer' })).toBeVisible()
  await context.close()
})

test('where am I logged in, and being asked before the session ends', async ({ browser }) => {
  const kwame = customer('kwame.osei@post.example')
  const [context, page] = await open(browser, phone)
  await page.clock.install()
  await fillLogin(page, kwame.username, kwame.password)
  await expect(page.getByRole('link', { name: 'Meer' })).toBeVisible()
  const [other, desk] = await open(browser, wide, {
    userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0',
  })
  await fillLogin(desk, kwame.username, kwame.password)
  await expect(desk.getByRole('link', { name: /Instellingen/ }).first()).toBeVisible()
  await mailTo('kwame.osei@post.example', /nieuw apparaat/)

  await page.getByRole('link', { name: 'Meer' }).click()
  await expect(page.getByRole('heading', { name: 'Firefox, Windows' })).toBeVisible()
  await expect(page.getByText('Dit apparaat')).toHaveCount(1)
  await fits(page)
  await look(page, 'portal-devices')
  await page.getByRole('button', { name: /Log uit op Firefox, Windows/ }).click()
  await expect(page.getByRole('heading', { name: 'Firefox, Windows' })).toHaveCount(0)
  await desk.reload()
  await expect(desk.getByRole('button', { name: 'Inloggen' })).toBeVisible()
  await other.close()

  await page.clock.fastForward('28:10')
  const still = page.getByRole('dialog', { name: 'Ben je er nog?' })
  await expect(still).toBeVisible()
  await look(page, 'portal-still-there')
  await still.getByRole('button', { name: 'Ik ben er nog' }).click()
  await expect(still).toHaveCount(0)
  await page.clock.fastForward('30:10')
  await expect(page.getByText(/Je was een tijdje weg/)).toBeVisible()
  await context.close()
})
