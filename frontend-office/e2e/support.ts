import { createHmac } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import AxeBuilder from '@axe-core/playwright'
import { type Browser, type BrowserContext, type Cookie, expect, type Page } from '@playwright/test'

type Role = 'admin' | 'adviser' | 'back_office' | 'viewer'

type Employee = {
  office: string
  name: string
  role: Role
  email: string
  password: string
  totpSecret: string
}
type Customer = { office: string; name: string; dossier: string; username: string; password: string }
type PersonalLink = { office: string; username: string; state: 'usable' | 'used' | 'expired'; url: string }

type Demo = {
  portalUrl: string
  officeUrl: string
  mailUrl: string
  employees: Employee[]
  customers: Customer[]
  links: PersonalLink[]
}

export const demo = JSON.parse(readFileSync(process.env['VOORDEUR_JOURNEYS_DEMO'] ?? join('..', '.data', 'demo.json'), 'utf8')) as Demo

const artefacts = process.env['VOORDEUR_JOURNEYS_ARTEFACTS'] ?? join('..', 'artefacts', 'journeys')
const shots = join(artefacts, 'screens')
mkdirSync(shots, { recursive: true })

// What the journeys of both apps must know of each other: which codes are spent, and who is logged in.
const common = process.env['VOORDEUR_JOURNEYS_SECRETS'] ?? artefacts

function recall<T>(name: string): Record<string, T> {
  const path = join(common, name)
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, T>) : {}
}

function keep<T>(name: string, key: string, value: T) {
  writeFileSync(join(common, name), JSON.stringify({ ...recall<T>(name), [key]: value }))
}

/** Takes a picture for the artefacts and lets axe look at the screen: nothing may be found. */
export async function look(page: Page, name: string) {
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true })
  const { violations } = await new AxeBuilder({ page })
    // Without another page for the frames that our screens do not have, and without a report of what is well: a third of the time.
    .setLegacyMode()
    .options({ resultTypes: ['violations'] })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    // Experimental, and takes the initials in a portrait for text.
    .disableRules(['label-content-name-mismatch'])
    .analyze()
  const found = violations.map(
    (violation) => `${violation.id}: ${violation.help} (${violation.nodes.map((node) => node.target.join(' ')).join(', ')})`,
  )
  expect(found, `axe on ${name}`).toEqual([])
}

/** Nothing may stick out to the side. */
export async function fits(page: Page) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(over, 'horizontal overflow').toBeLessThanOrEqual(0)
}

/**
 * The half minute of an authenticator app that comes after `last`, whose code was the last to be spent: a code is good once.
 * The server takes the one before and the one after too, which spares two waits; not when it is about to be too late.
 */
export async function halfMinute(last: number): Promise<number> {
  const now = () => Date.now() / 30_000
  while (last + 1 > Math.floor(now()) + 1) await new Promise((done) => setTimeout(done, 250))
  return Math.max(last + 1, Math.floor(now() - 0.6))
}

/** The six digits of an authenticator app, never the same ones twice. */
export async function totp(secret: string): Promise<string> {
  const counter = await halfMinute(recall<number>('used-codes.json')[secret] ?? 0)
  keep('used-codes.json', secret, counter)
  let bits = ''
  for (const letter of secret) bits += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  const moment = Buffer.alloc(8)
  moment.writeBigUInt64BE(BigInt(counter))
  const digest = createHmac('sha1', key).update(moment).digest()
  const offset = (digest.at(-1) ?? 0) & 0xf
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

export function employee(role: Role, office = 'brugwachter'): Employee {
  const found = demo.employees.find((one) => one.role === role && one.office === office)
  if (!found) throw new Error(`no ${role} at ${office} in the demo`)
  return found
}

export function customer(username: string, office = 'brugwachter'): Customer {
  const found = demo.customers.find((one) => one.username === username && one.office === office)
  if (!found) throw new Error(`no customer ${username} at ${office} in the demo`)
  return found
}

type Mail = { to: string[]; subject: string; date: string; text: string; links: string[] }

/** The newest captured mail to an address that says what is looked for. */
export async function mailTo(address: string, saying: RegExp): Promise<Mail> {
  let found: Mail | undefined
  await expect(async () => {
    const answer = await fetch(`${demo.mailUrl}/api/messages`)
    const all = (await answer.json()) as Mail[]
    found = all.find((mail) => mail.to.some((to) => to.includes(address)) && saying.test(mail.subject + mail.text))
    expect(found, `a mail to ${address}`).toBeDefined()
  }).toPass({ timeout: 20_000 })
  if (!found) throw new Error('unreachable')
  return found
}

/** The personal links in a mail, in order, each once. */
export function linksIn(mail: Mail): string[] {
  return [...new Set([...mail.text.matchAll(/https?:\/\/\S+\/activate#[\w-]+/g)].map(([link]) => link))]
}

export const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
export const wide = { viewport: { width: 1280, height: 860 } }
export const desktop = { viewport: { width: 1440, height: 900 } }

type Size = typeof phone | typeof wide | typeof desktop

export async function open(browser: Browser, size: Size, more = {}): Promise<[BrowserContext, Page]> {
  const context = await browser.newContext({ ...size, locale: 'nl-NL', timezoneId: 'Europe/Amsterdam', reducedMotion: 'reduce', ...more })
  return [context, await context.newPage()]
}

/** A complete PDF of one page. */
export function pdf(text: string): Buffer {
  const content = `BT /F1 18 Tf 60 760 Td (${text}) Tj ET\n`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}endstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ]
  let out = '%PDF-1.4\n'
  const offsets: number[] = []
  objects.forEach((object, i) => {
    offsets.push(out.length)
    out += `${i + 1} 0 obj\n${object}\nendobj\n`
  })
  const start = out.length
  out += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`
  for (const offset of offsets) out += `${String(offset).padStart(10, '0')} 00000 n \n`
  out += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`
  return Buffer.from(out, 'latin1')
}

type Kept = { since: number; cookies: Cookie[] }

/** How long a login is gone on with: after ten minutes the office asks again who one is before it changes something that matters. */
const goOn = 7 * 60_000

/**
 * Logs an employee in, both steps. A login of a few minutes ago is gone on with, because codes come one in half a minute;
 * `fresh` is for who looks at logging in, or ends a session: it is a login of its own that nobody else goes on with.
 */
export async function signIn(page: Page, role: Role, office = 'brugwachter', { fresh = false } = {}) {
  const who = employee(role, office)
  const inside = () => expect(page.getByRole('navigation', { name: 'Hoofdmenu' })).toBeVisible()
  const kept = fresh ? undefined : recall<Kept>('sessions.json')[who.email]
  if (kept && Date.now() - kept.since < goOn) {
    await page.context().addCookies(kept.cookies)
    const me = await page.request.get(`${demo.officeUrl}/api/v1/me`)
    if (me.ok() && ((await me.json()) as { email: string }).email === who.email) {
      await page.goto(demo.officeUrl)
      return inside()
    }
  }
  await page.goto(`${demo.officeUrl}/login`)
  await page.getByLabel('E-mailadres').fill(who.email)
  await page.getByLabel('Wachtwoord', { exact: true }).fill(who.password)
  await page.getByRole('button', { name: 'Inloggen' }).click()
  await expect(page.getByRole('heading', { name: 'Nog één stap' })).toBeVisible()
  const since = Date.now()
  await page.getByLabel('Code').fill(await totp(who.totpSecret))
  await inside()
  const cookies = (await page.context().cookies()).filter((cookie) => cookie.name.startsWith('__Host-voordeur-office'))
  if (!fresh) keep<Kept>('sessions.json', who.email, { since, cookies })
}
