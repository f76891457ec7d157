import { afterEach, expect, test, vi } from 'vitest'
import { portalFetch } from './http'

const address = new URL('/api/v1/portal/me', location.origin).href
const saying = (text: string) => Promise.resolve(new Response(JSON.stringify(text), { status: 200 }))

function asked(until: number) {
  window.early = { answers: new Map([[address, saying('early')]]), until }
  const fetched = vi.fn<() => Promise<Response>>(() => saying('later'))
  vi.stubGlobal('fetch', fetched)
  return async (method = 'GET') => (await portalFetch(new Request(address, { method }))).json() as Promise<string>
}

afterEach(() => {
  delete window.early
  vi.unstubAllGlobals()
})

test('what the page asked for is not asked again, and its answer serves once', async () => {
  const ask = asked(Date.now() + 1000)
  expect(await ask()).toBe('early')
  expect(await ask()).toBe('later')
})

test('an answer that has grown old is asked for again', async () => {
  const ask = asked(Date.now() - 1)
  expect(await ask()).toBe('later')
})

test('after a change nothing from before it is shown', async () => {
  const ask = asked(Date.now() + 1000)
  await ask('POST')
  expect(await ask()).toBe('later')
})

test('a question that got lost is asked again', async () => {
  const ask = asked(Date.now() + 1000)
  window.early?.answers.set(address, Promise.reject(new TypeError('offline')))
  expect(await ask()).toBe('later')
})
