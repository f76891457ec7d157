import { expect, type Page, test } from '@playwright/test'

import { time, weigh } from './load'
import { customer, demo, open, phone } from './support'

// What a customer waits for on a phone, at an office that says je and at one that says u, whose texts come as a file of their own.

const limits = { css: 12_000, fonts: 21_000, requests: 10 }
const pace = { largestPaint: 2200, blocking: 200, shift: 0.02 }

/** Nothing that the first screen shows waits for the app's own files. */
function askedEarly(fetched: Awaited<ReturnType<typeof time>>) {
  const app = fetched.find((one) => one.path.startsWith('/assets/index-') && one.kind === 'js')
  const late = fetched.filter((one) => one.kind === 'data' && one.start > (app?.end ?? 0) && one.path !== '/api/v1/portal/events')
  expect(late, 'asked for by the app only').toEqual([])
}

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
    askedEarly(await time(browser, login, pace))
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
    askedEarly(await time(browser, home, pace))
  })
}
