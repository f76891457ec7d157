import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'

import { type BrowserContext, chromium, type Response } from '@playwright/test'

// What the journeys type, are shown and keep as cookies is written down while they run. Afterwards `cmd/canary` looks for it where
// no secret may be: logs, mail, refusals and the database. The configuration imports this file, so no journey can forget it.
const place = process.env['VOORDEUR_JOURNEYS_SECRETS']

type Kind = 'password' | 'code' | 'recovery' | 'link' | 'secret' | 'session'

const known = new Set<string>()

function remember(kind: Kind, value: unknown) {
  if (!place || typeof value !== 'string' || value === '' || known.has(kind + value)) return
  known.add(kind + value)
  appendFileSync(join(place, 'secrets.ndjson'), `${JSON.stringify({ kind, value })}\n`)
}

type Side = 'asked' | 'answered'

/** Goes through a body and remembers what its names give away. */
function search(side: Side, body: unknown, name = '') {
  if (Array.isArray(body)) for (const one of body) search(side, one, name)
  else if (typeof body === 'object' && body !== null) for (const [key, value] of Object.entries(body)) search(side, value, key)
  else if (typeof body === 'string') {
    if (/secret$|access_token|refresh_token/i.test(name)) remember('secret', body)
    else if (name === 'recoveryCodes') remember('recovery', body)
    else if (name === 'url' && body.includes('#')) remember('link', body.slice(body.indexOf('#') + 1))
    else if (side === 'asked' && /password$/i.test(name)) remember('password', body)
    else if (side === 'asked' && (name === 'token' || name === 'ticket')) remember('link', body)
    else if (side === 'asked' && /^[\d\s]{6,}$/.test(body) && name === 'code') remember('code', body.trim())
    else if (side === 'asked' && /^[a-z\d\s-]{24,}$/i.test(body) && /code$/i.test(name)) remember('recovery', body.trim())
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return Object.fromEntries(new URLSearchParams(text))
  }
}

async function heard(response: Response) {
  if (!place || !response.url().includes('/api/')) return
  for (const { name, value } of await response.headersArray()) {
    const cookie = name.toLowerCase() === 'set-cookie' ? /^__Host-voordeur[\w-]*=([^;]+)/.exec(value) : null
    if (cookie) remember('session', cookie[1])
  }
  const type = response.headers()['content-type'] ?? ''
  if (!/json/.test(type)) return
  const text = await response.text()
  if (/problem\+json/.test(type)) appendFileSync(join(place, 'problems.ndjson'), `${text}\n`)
  else search('answered', parsed(text))
}

async function watch(context: BrowserContext) {
  // What a page sends is no longer to be had once it is on its way: the apps send a copy of a request.
  await context.exposeBinding('__asked', (_, text: string) => search('asked', parsed(text)))
  await context.addInitScript(() => {
    const send = window.fetch
    window.fetch = (input, init) => {
      const heard = (window as unknown as { __asked: (text: string) => Promise<void> }).__asked
      if (input instanceof Request) {
        if (/json|urlencoded/.test(input.headers.get('Content-Type') ?? ''))
          void input
            .clone()
            .text()
            .then(heard)
            .catch(() => undefined)
      } else if (typeof init?.body === 'string') void heard(init.body).catch(() => undefined)
      return send(input, init)
    }
  })
  // A page that was closed meanwhile has no answer any more.
  context.on('response', (response) => void heard(response).catch(() => undefined))
}

if (place) {
  mkdirSync(place, { recursive: true })
  const launch = chromium.launch.bind(chromium)
  chromium.launch = async (options) => {
    const browser = await launch(options)
    const newContext = browser.newContext.bind(browser)
    browser.newContext = async (more) => {
      const context = await newContext(more)
      await watch(context)
      return context
    }
    return browser
  }
}
