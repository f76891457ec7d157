import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { type Browser, type BrowserContext, expect, type Locator, type Page } from '@playwright/test'

// What a first visit weighs and how long it takes, seen from inside the browser. Leaves load.json for whoever reports it.

/** A first visit: nothing in the cache. A login may be there, which is how one comes back. */
type Visit = {
  name: string
  url: string
  size: object
  state?: Awaited<ReturnType<BrowserContext['storageState']>>
  standing: (page: Page) => Locator
}
/** Bytes after gzip; requests before the first paint. */
type Limits = { js: number; css: number; fonts: number; requests: number }
/** Milliseconds, and for `shift` the cumulative layout shift. */
type Pace = { largestPaint: number; blocking: number; shift: number }
type Kind = 'page' | 'js' | 'css' | 'fonts' | 'images' | 'data'

const screens: Record<string, object> = {}

function note(name: string, figures: object) {
  const folder = process.env['VOORDEUR_JOURNEYS_ARTEFACTS'] ?? join('..', 'artefacts', 'journeys')
  mkdirSync(folder, { recursive: true })
  screens[name] = { ...screens[name], ...figures }
  writeFileSync(join(folder, 'load.json'), `${JSON.stringify(screens, undefined, 2)}\n`)
}

const kilo = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`

async function measure(browser: Browser, visit: Visit, slow: boolean) {
  const context = await browser.newContext({
    ...visit.size,
    ...(visit.state ? { storageState: visit.state } : {}),
    locale: 'nl-NL',
    timezoneId: 'Europe/Amsterdam',
    reducedMotion: 'reduce',
    // A browser prefers brotli, which is smaller still; the budgets are in gzip.
    extraHTTPHeaders: { 'accept-encoding': 'gzip' },
  })
  const page = await context.newPage()
  const wire = await context.newCDPSession(page)
  if (slow) {
    await wire.send('Network.enable')
    const line = { latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 }
    await wire.send('Network.emulateNetworkConditions', { offline: false, ...line })
    await wire.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  }
  await page.addInitScript(() => {
    const seen: PerformanceEntry[] = []
    Object.assign(window, { seen })
    const observer = new PerformanceObserver((list) => seen.push(...list.getEntries()))
    for (const type of ['largest-contentful-paint', 'layout-shift', 'longtask']) observer.observe({ type, buffered: true })
  })
  await page.goto(visit.url)
  await expect(visit.standing(page)).toBeVisible({ timeout: 30_000 })
  // The stream of live events never ends, so quiet is half a second in which nothing arrived.
  await page.waitForFunction(() => {
    const ends = performance.getEntriesByType('resource').map((entry) => (entry as PerformanceResourceTiming).responseEnd)
    return performance.now() - Math.max(...ends) > 500
  })
  const found = await page.evaluate(() => {
    const { seen } = window as unknown as { seen: (PerformanceEntry & { value: number })[] }
    const of = (type: string) => seen.filter((entry) => entry.entryType === type)
    const firstPaint = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0
    const fetched = [
      ...performance.getEntriesByType('navigation'),
      ...performance.getEntriesByType('resource'),
    ] as PerformanceResourceTiming[]
    return {
      firstPaint,
      largestPaint: Math.max(0, ...of('largest-contentful-paint').map((entry) => entry.startTime)),
      shift: of('layout-shift').reduce((sum, entry) => sum + entry.value, 0),
      // As Lighthouse counts it: what is over 50 ms in each task after the first paint.
      blocking: of('longtask')
        .filter((task) => task.startTime + task.duration > firstPaint)
        .reduce((sum, task) => sum + task.duration - 50, 0),
      fetched: fetched.map(({ name, entryType, startTime, responseEnd, encodedBodySize, initiatorType }) => {
        const path = new URL(name).pathname
        const kind: Kind =
          entryType === 'navigation'
            ? 'page'
            : /\.m?js$/.test(path)
              ? 'js'
              : path.endsWith('.css')
                ? 'css'
                : path.endsWith('.woff2')
                  ? 'fonts'
                  : initiatorType === 'img' || path.endsWith('.svg')
                    ? 'images'
                    : 'data'
        return { path, kind, bytes: encodedBodySize, start: startTime, end: responseEnd }
      }),
    }
  })
  await context.close()
  return found
}

/**
 * Weighs a first visit until the screen stands and nothing more arrives, and holds it against its budget. Fonts are weighed
 * but not among the requests before the first paint: that paint asks for them, and does not wait (font-display: swap).
 */
export async function weigh(browser: Browser, visit: Visit, limits: Limits) {
  const { fetched, firstPaint } = await measure(browser, visit, false)
  const bytes = (kind: Kind) => fetched.filter((one) => one.kind === kind).reduce((sum, one) => sum + one.bytes, 0)
  const weight = {
    js: bytes('js'),
    css: bytes('css'),
    fonts: bytes('fonts'),
    images: bytes('images'),
    requests: fetched.filter((one) => one.start < firstPaint && one.kind !== 'fonts').length,
    files: fetched.length,
  }
  note(visit.name, weight)
  const list = fetched.map(
    (one) => `${one.start < firstPaint ? 'before' : ' after'} ${one.kind.padEnd(6)} ${kilo(one.bytes).padStart(9)} ${one.path}`,
  )
  console.log(
    `${visit.name}: ${kilo(weight.js)} of JavaScript, ${kilo(weight.css)} of CSS, ${kilo(weight.fonts)} of fonts, ${weight.requests} requests before the first paint\n${list.join('\n')}`,
  )
  const data = fetched.filter((one) => one.kind === 'data').map((one) => one.path)
  expect(data, `each address of ${visit.name} is asked once`).toEqual([...new Set(data)])
  expect(weight.js, 'a screen without JavaScript was not weighed').toBeGreaterThan(10_000)
  for (const key of ['js', 'css', 'fonts', 'requests'] as const) {
    expect.soft(weight[key], `${key} of ${visit.name}`).toBeLessThanOrEqual(limits[key])
  }
}

/**
 * A first visit on a phone: four times less processor, 150 ms to the server, 1.6 Mbit/s. Nothing may jump. Times depend on
 * what else the machine does, so they are judged only where they were asked for: the middle of VOORDEUR_LOAD_RUNS visits.
 */
export async function time(browser: Browser, visit: Visit, limits: Pace) {
  const runs = Number(process.env['VOORDEUR_LOAD_RUNS'] ?? 1)
  const all: Awaited<ReturnType<typeof measure>>[] = []
  for (let i = 0; i < runs; i++) all.push(await measure(browser, visit, true))
  const middle = (of: (pace: Pace) => number) => all.map(of).toSorted((a, b) => a - b)[Math.floor(runs / 2)] ?? 0
  const pace = {
    largestPaint: middle((one) => one.largestPaint),
    blocking: middle((one) => one.blocking),
    shift: Math.max(...all.map((one) => one.shift)),
  }
  note(visit.name, { ...pace, runs })
  console.log(
    `${visit.name}, slow: largest paint after ${pace.largestPaint.toFixed(0)} ms, blocked for ${pace.blocking.toFixed(0)} ms, shift ${pace.shift.toFixed(4)} (${runs} runs)`,
  )
  expect.soft(pace.shift, `layout shift of ${visit.name}`).toBeLessThanOrEqual(limits.shift)
  const fetched = all.at(-1)?.fetched ?? []
  if (runs < 3) return fetched
  expect.soft(pace.largestPaint, `largest paint of ${visit.name}`).toBeLessThanOrEqual(limits.largestPaint)
  expect.soft(pace.blocking, `blocking time of ${visit.name}`).toBeLessThanOrEqual(limits.blocking)
  return fetched
}
