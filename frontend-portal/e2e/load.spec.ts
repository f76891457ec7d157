import { type Page, test } from '@playwright/test'

import { time, weigh } from './load'
import { customer, demo, open, phone } from './support'

// What a customer waits for on a phone, at an office that says je and at one that says u, whose texts come as a file of their own.

const limits = { css: 12_000, fonts: 21_000, requests: 10 }
const pace = { largestPaint: 2200, blocking: 200, shift: 0.02 }

for (const [office, username] of [
  ['brugwachter', 'eva.dewit'],
  ['lindenhof', 'c.vanheemstra'],
] as const) {
  test(`first load of the login at ${office}`, async ({ browser }) => {
    const login = {
      name: `portal login ${office}`,
      url: `${demo.portalUrl}/${office}/login`,
      size: phone,
      standing: (page: Page) => page.getByRole('button', { name: 'Inloggen' }),
    }
    await weigh(browser, login, { ...limits, js: 125_000 })
    await time(browser, login, pace)
  })

  test(`first load of the overview at ${office}`, async ({ browser }) => {
    const who = customer(username, office)
    const [context, page] = await open(browser, phone)
    await page.goto(`${demo.portalUrl}/${office}/login`)
    await page.getByLabel('Gebruikersnaam').fill(who.username)
    await page.getByLabel('Wachtwoord', { exact: true }).fill(who.password)
    await page.getByRole('button', { name: 'Inloggen' }).click()
    const standing = (on: Page) => on.getByRole('navigation').first()
    await standing(page).waitFor()
    const home = {
      name: `portal home ${office}`,
      url: `${demo.portalUrl}/${office}`,
      size: phone,
      state: await context.storageState(),
      standing,
    }
    await context.close()
    await weigh(browser, home, { ...limits, js: 140_000 })
    await time(browser, home, pace)
  })
}
