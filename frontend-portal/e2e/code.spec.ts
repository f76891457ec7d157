import { expect, type Page, test } from '@playwright/test'

import { Authenticator } from './oath'
import { customer, demo, fits, look, open, phone, signIn, wide } from './support'

// Logging in with a code in place of a password (D3), and the help that leads through whatever keeps somebody out.

type Message = { kind: 'mail' | 'sms'; to: string[]; subject: string; text: string; date: string }

const messages = async () => (await (await fetch(`${demo.mailUrl}/api/messages`)).json()) as Message[]

/** The newest code that was sent since `seen` messages to somebody whose name stands in it. */
async function newest(kind: Message['kind'], before: Date, to = ''): Promise<string> {
  let code: string | undefined
  await expect(async () => {
    const found = (await messages()).find(
      (one) => one.kind === kind && new Date(one.date) >= before && /inlogcode|login code/i.test(one.subject) && one.to.join().includes(to),
    )
    code = /\b(\d{4}) ?(\d{4})\b/
      .exec(found?.text ?? '')
      ?.slice(1)
      .join('')
    expect(code, `a code by ${kind}`).toBeDefined()
  }).toPass({ timeout: 20_000 })
  return code ?? ''
}

const field = (page: Page) => page.getByLabel('Code van 8 cijfers')
const enter = (page: Page) => page.getByRole('button', { name: 'Inloggen', exact: true })

/** From the login page to the field for the code. */
async function ask(page: Page, name: string, office = 'brugwachter'): Promise<Date> {
  await page.goto(`${demo.portalUrl}/${office}/login`)
  await page.getByLabel('Gebruikersnaam').fill(name)
  await page.getByRole('button', { name: 'Met een code per sms of e-mail' }).click()
  await expect(page.getByLabel('Gebruikersnaam')).toHaveValue(name)
  const before = new Date(Date.now() - 1000)
  await page.getByRole('button', { name: 'Stuur mij een code' }).click()
  await expect(field(page)).toBeFocused()
  return before
}

async function give(page: Page, code: string) {
  await field(page).fill(code)
  await enter(page).click()
}

/** A picture of each width, in light and dark. */
async function looks(page: Page, name: string) {
  await fits(page)
  await look(page, name)
  await page.emulateMedia({ colorScheme: 'dark' })
  await look(page, `${name}-dark`)
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1440, height: 900 })
  await look(page, `${name}-1440`)
  await page.setViewportSize(phone.viewport)
}

test('by text message: a wrong code, another one, and in', async ({ browser }) => {
  test.setTimeout(120_000)
  const eva = customer('eva.dewit')
  const [context, page] = await open(browser, phone)
  await page.goto(`${demo.portalUrl}/brugwachter/login`)
  await looks(page, 'portal-login')
  await page.getByRole('button', { name: 'Met een code per sms of e-mail' }).click()
  await expect(page.getByLabel('Gebruikersnaam')).toBeFocused()
  await page.getByRole('button', { name: 'Stuur mij een code' }).click()
  await expect(page.getByText('Vul je gebruikersnaam of e-mailadres in', { exact: true })).toBeVisible()
  await looks(page, 'portal-code-ask')

  await page.clock.install()
  await ask(page, eva.username)
  await expect(page.getByText('Kennen we eva.dewit, dan is er nu een code onderweg.')).toBeVisible()
  await expect(field(page)).toHaveAttribute('autocomplete', 'one-time-code')
  await looks(page, 'portal-code')
  await give(page, '1234')
  await expect(page.getByText('Typ alle 8 cijfers.')).toBeVisible()
  await give(page, '0000 0000')
  await expect(page.getByText(/Die code klopt niet/)).toBeVisible()
  await expect(field(page)).toBeFocused()
  await looks(page, 'portal-code-wrong')
  await page.getByText('Ik krijg geen code').click()
  await looks(page, 'portal-code-help')

  const again = page.getByRole('button', { name: /ieuwe code/ })
  await expect(again).toHaveAttribute('aria-disabled', 'true')
  await page.clock.fastForward('01:01')
  await expect(again).toHaveAccessibleName('Stuur een nieuwe code')
  const before = new Date()
  await again.click()
  await expect(page.getByText('Alleen de nieuwste code werkt.')).toBeVisible()
  const code = await newest('sms', before)
  await give(page, `${code.slice(0, 4)} ${code.slice(4)}`) // as somebody types it, or pastes it
  await expect(page.getByRole('link', { name: 'Meer' })).toBeVisible()
  await context.close()
})

test('a double click asks for one code; the back button and a reload lead nowhere strange', async ({ browser }) => {
  const [context, page] = await open(browser, phone)
  await page.goto(`${demo.portalUrl}/brugwachter/login`)
  await page.getByLabel('Gebruikersnaam').fill('thijs.bakker@post.example')
  let asked = 0
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/auth/codes')) asked++
  })
  await page.getByRole('button', { name: 'Met een code per sms of e-mail' }).click()
  await page.getByRole('button', { name: 'Stuur mij een code' }).dblclick()
  await expect(field(page)).toBeVisible()
  await expect(page.getByText('Alleen de nieuwste code werkt.')).toHaveCount(0)
  expect(asked).toBe(1)
  await page.reload()
  await expect(page.getByRole('heading', { level: 1, name: 'Inloggen met een code' })).toBeVisible()
  await page.goBack()
  await expect(page.getByLabel('Wachtwoord', { exact: true })).toBeVisible()
  await page.goForward()
  await expect(page.getByRole('button', { name: 'Stuur mij een code' })).toBeVisible()
  await page.getByRole('button', { name: 'Terug naar inloggen' }).click()
  await expect(page.getByLabel('Wachtwoord', { exact: true })).toBeVisible()
  await context.close()
})

test('by mail to who has no mobile number', async ({ browser }) => {
  const jelle = customer('jelle.wierda@post.example')
  const [context, page] = await open(browser, wide)
  const before = await ask(page, jelle.username)
  await expect(page.getByText('Anders per mail naar j•••@post.example.')).toBeVisible()
  await look(page, 'portal-code-mail-1280')
  const code = await newest('mail', before, 'jelle.wierda@post.example')
  await field(page).fill(code)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('link', { name: /Instellingen/ }).first()).toBeVisible()
  await context.close()
})

test('one address of two people: whose login is it?', async ({ browser }) => {
  const [context, page] = await open(browser, phone)
  const before = await ask(page, 'familie@vandenbroek.example')
  const code = await newest('mail', before, 'familie@vandenbroek.example')
  await give(page, code)
  await expect(page.getByRole('heading', { level: 1, name: 'Wie ben je?' })).toBeVisible()
  await looks(page, 'portal-code-who')
  await page.getByRole('button', { name: /Ineke/ }).click()
  await expect(page.getByRole('link', { name: 'Meer' })).toBeVisible()
  await page.getByRole('link', { name: 'Meer' }).click()
  await expect(page.getByText('ineke.vandenbroek').first()).toBeVisible()
  await context.close()
})

test('a name that nobody has sees the same; five wrong codes are enough, and a code that is too old says so', async ({ browser }) => {
  const [context, page] = await open(browser, phone)
  await ask(page, 'niemand@post.example')
  await expect(page.getByText('Kennen we niemand@post.example, dan is er nu een code onderweg.')).toBeVisible()
  for (let i = 0; i < 4; i++) {
    await give(page, `0000000${i}`)
    await expect(page.getByText(/Die code klopt niet/)).toBeVisible()
  }
  await give(page, '00000009')
  await expect(page.getByText(/vijf keer verkeerd ingevuld/)).toBeVisible()
  await expect(enter(page)).toHaveCount(0)
  await looks(page, 'portal-code-spent')
  await page.getByRole('button', { name: 'Stuur een nieuwe code' }).click()
  await expect(page.getByText('Alleen de nieuwste code werkt.')).toBeVisible()
  // Ten minutes do not pass here: this is what the server says after them.
  const late = '{"status":401,"code":"login-code-expired","title":"x"}'
  await page.route('**/auth/codes/verification', (route) =>
    route.fulfill({ status: 401, contentType: 'application/problem+json', body: late }),
  )
  await give(page, '12345678')
  await expect(page.getByText(/ouder dan 10 minuten/)).toBeVisible()
  await looks(page, 'portal-code-late')
  await page.unroute('**/auth/codes/verification')
  await page.getByRole('button', { name: 'Stuur een nieuwe code' }).click()
  await expect(page.getByText(/ouder dan 10 minuten/)).toHaveCount(0)
  await page.getByText('Ik krijg geen code').click()
  await page.getByRole('button', { name: 'Vul een andere naam in' }).click()
  await page.getByRole('button', { name: 'Stuur mij een code' }).click()
  await expect(page.getByText(/Even pauze: over \d+ minuten/)).toBeVisible()
  await looks(page, 'portal-code-pause')
  await page.getByRole('button', { name: 'Terug naar inloggen' }).click()
  await expect(page.getByLabel('Wachtwoord', { exact: true })).toBeVisible()
  await context.close()
})

test('the second step follows a code too', async ({ browser }) => {
  test.setTimeout(120_000)
  const mei = customer('mei.chen@post.example')
  const [context, page] = await open(browser, phone)
  await page.goto(`${demo.portalUrl}/brugwachter/login`)
  await page.getByLabel('Gebruikersnaam').fill(mei.username)
  await page.getByLabel('Wachtwoord', { exact: true }).fill(mei.password)
  await enter(page).click()
  await expect(page.getByRole('link', { name: 'Meer' })).toBeVisible()
  await page.goto(`${demo.portalUrl}/brugwachter/settings/two-step`)
  await page.getByRole('button', { name: 'Instellen' }).click()
  await expect(page.locator('.key')).toBeVisible()
  const app = new Authenticator((await page.locator('.key').textContent()) ?? '')
  await page.getByLabel('Code uit je app').fill(await app.code())
  await page.getByRole('button', { name: 'Zet aan' }).click()
  await expect(page.locator('.codes li')).toHaveCount(10)
  await context.clearCookies()

  const before = await ask(page, mei.username)
  await give(page, await newest('sms', before))
  await expect(page.getByRole('heading', { level: 1, name: 'Nog één stap' })).toBeVisible()
  expect((await page.request.get(`${demo.portalUrl}/api/v1/portal/dossiers`)).status()).toBe(401)
  await page.getByLabel('Code uit je app').fill(await app.code())
  await enter(page).click()
  await expect(page.getByRole('link', { name: 'Meer' })).toBeVisible()
  await page.goto(`${demo.portalUrl}/brugwachter/settings/two-step`)
  await page.getByRole('button', { name: /Zet uit/ }).click()
  await page.getByLabel('Code uit je app').fill(await app.code())
  await page.getByRole('button', { name: 'Zet de tweede stap uit' }).click()
  await expect(page.getByRole('button', { name: 'Instellen' })).toBeVisible()
  await context.close()
})

test('the office that does not want it, and the one that says u', async ({ browser }) => {
  test.setTimeout(120_000)
  const [context, page] = await open(browser, phone)
  await page.goto(`${demo.portalUrl}/lindenhof/login`)
  await page.getByRole('button', { name: 'Met een code per sms of e-mail' }).click()
  await expect(page.getByText('Vul uw gebruikersnaam of e-mailadres in, dan sturen we u een code')).toBeVisible()
  await look(page, 'portal-code-ask-formal')

  const [staff, desk] = await open(browser, wide)
  await signIn(desk, 'admin', 'lindenhof')
  const choose = async (on: boolean) => {
    await desk.goto(`${demo.officeUrl}/settings/portal`)
    await desk.getByLabel('Klanten kunnen inloggen met een code').setChecked(on)
    await desk.getByRole('button', { name: 'Publiceren' }).click()
    await expect(desk.getByText('Gepubliceerd', { exact: false }).first()).toBeVisible()
  }
  await choose(false)
  await look(desk, 'office-code-login-off')
  await page.getByLabel('Gebruikersnaam').fill('c.vanheemstra')
  await page.getByRole('button', { name: 'Stuur mij een code' }).click()
  await expect(page.getByText('Bij dit kantoor logt u in met uw wachtwoord.')).toBeVisible()
  await page.goto(`${demo.portalUrl}/lindenhof/login`)
  await expect(enter(page)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Met een code per sms of e-mail' })).toHaveCount(0)
  await choose(true)
  await page.reload()
  await expect(page.getByRole('button', { name: 'Met een code per sms of e-mail' })).toBeVisible()
  await staff.close()
  await context.close()
})

test('help for whoever cannot get in', async ({ browser }) => {
  const [context, page] = await open(browser, phone)
  await page.goto(`${demo.portalUrl}/brugwachter/login`)
  await page.getByRole('link', { name: 'Hulp bij het inloggen' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Hulp bij het inloggen' })).toBeVisible()
  await looks(page, 'portal-help')
  for (const [question, answer] of [
    ['Wat is mijn gebruikersnaam?', 'Meestal is dat je e-mailadres.'],
    ['Ik weet mijn wachtwoord niet meer', 'Hij komt per mail en werkt 48 uur.'],
    ['De mail komt niet', 'Kijk bij ongewenste mail'],
    ['De link is te oud', 'Een link werkt 48 uur en één keer.'],
    ['De code komt niet', 'Een code werkt 10 minuten.'],
    ['Ik heb een nieuwe telefoon', 'Neem dan je oude telefoon'],
    ['Ik ben mijn herstelcodes kwijt', 'Dat duurt een dag'],
    ['Ik moet even wachten', 'Je hoeft niets te doen'],
    ['Iemand vraagt om mijn code', 'Geef hem niet.'],
  ] as const) {
    await page.getByText(question, { exact: true }).click()
    await expect(page.getByText(answer)).toBeVisible()
    await fits(page)
  }
  await page.getByText('De mail komt niet', { exact: true }).click()
  await looks(page, 'portal-help-mail')
  await page.getByText('De link is te oud', { exact: true }).click()
  await page.getByRole('link', { name: 'Stuur me een nieuwe link' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Wachtwoord vergeten' })).toBeVisible()
  await page.getByRole('link', { name: 'Hulp bij het inloggen' }).click()
  await page.getByRole('link', { name: 'Terug naar inloggen' }).click()
  await expect(enter(page)).toBeVisible()
  await context.close()

  const [english, abroad] = await open(browser, wide, { locale: 'en-GB' })
  await abroad.goto(`${demo.portalUrl}/lindenhof/help`)
  await expect(abroad.getByRole('heading', { level: 1, name: 'Help with logging in' })).toBeVisible()
  await abroad.getByText('What is my username?').click()
  await look(abroad, 'portal-help-en')
  await abroad.goto(`${demo.portalUrl}/lindenhof/login`)
  await abroad.getByRole('button', { name: 'With a code by text message or e-mail' }).click()
  await expect(abroad.getByRole('button', { name: 'Send me a code' })).toBeVisible()
  await english.close()
})
