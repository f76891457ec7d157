import { createHmac } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import AxeBuilder from '@axe-core/playwright'
import { type Browser, type BrowserContext, expect, type Page } from '@playwright/test'

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

const shots = join(process.env['VOORDEUR_JOURNEYS_ARTEFACTS'] ?? join('..', 'artefacts', 'journeys'), 'screens')
mkdirSync(shots, { recursive: true })

/** Takes a picture for the artefacts and lets axe look at the screen: nothing may be found. */
export async function look(page: Page, name: string) {
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true })
  const { violations } = await new AxeBuilder({ page })
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

/** A code is taken once, by whichever worker: a second login within thirty seconds has to take the next. */
const usedCodes = join(shots, '..', 'used-codes.json')

/** The six digits of an authenticator app, never the same ones twice. */
export async function totp(secret: string): Promise<string> {
  const step = () => Math.floor(Date.now() / 30_000)
  const used = existsSync(usedCodes) ? (JSON.parse(readFileSync(usedCodes, 'utf8')) as Record<string, number>) : {}
  const last = used[secret] ?? 0
  // The server takes the code of the next half minute too, which spares the wait once.
  let counter = Math.max(step(), last + 1)
  while (counter > step() + 1) await new Promise((done) => setTimeout(done, 250))
  counter = Math.max(step(), last + 1)
  writeFileSync(usedCodes, JSON.stringify({ ...used, [secret]: counter }))
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
export const desktop = { viewport: { width: 1440, height: 900 } }

export async function open(browser: Browser, size: typeof phone | typeof desktop, more = {}): Promise<[BrowserContext, Page]> {
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

/** Logs an employee in, both steps. */
export async function signIn(page: Page, role: Role, office = 'brugwachter') {
  const who = employee(role, office)
  await page.goto(`${demo.officeUrl}/login`)
  await page.getByLabel('E-mailadres').fill(who.email)
  await page.getByLabel('Wachtwoord', { exact: true }).fill(who.password)
  await page.getByRole('button', { name: 'Inloggen' }).click()
  await expect(page.getByRole('heading', { name: 'Nog één stap' })).toBeVisible()
  await page.getByLabel('Code').fill(await totp(who.totpSecret))
  await expect(page.getByRole('navigation', { name: 'Hoofdmenu' })).toBeVisible()
}
