import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { isAway, settleReturn, whenAway } from './again'
import { officeFetch, whenUnauthenticated } from './http'

const refused = () => Response.json({ code: 'unauthenticated' }, { status: 401 })
const answers: (() => Response)[] = []
const sent = vi.fn<(request: Request) => Promise<Response>>(async () => (answers.shift() ?? refused)())
const out = vi.fn<() => void>()
let leave = () => {}
const send = (method: string, path = '/api/v1/clients') => officeFetch(new Request(`http://localhost${path}`, { method }))

beforeEach(() => {
  vi.stubGlobal('fetch', sent)
  whenUnauthenticated(out)
  leave = whenAway(() => {})
})
afterEach(() => {
  leave()
  answers.length = 0
  vi.clearAllMocks()
  vi.unstubAllGlobals()
})

it('keeps what was being done until the person is back, and sends it once more with the same key', async () => {
  answers.push(refused, () => Response.json({ ok: true }))
  const waiting = send('POST')
  await vi.waitFor(() => expect(isAway()).toBe(true))
  settleReturn(true)
  expect((await waiting).status).toBe(200)
  const [first, second] = sent.mock.calls.map(([request]) => request.headers.get('Idempotency-Key'))
  expect(second).toBe(first)
  expect(out).not.toHaveBeenCalled()
})

it('goes to the login when the person gives it up, and when there is nothing to keep', async () => {
  const waiting = send('PATCH')
  await vi.waitFor(() => expect(isAway()).toBe(true))
  settleReturn(false)
  expect((await waiting).status).toBe(401)
  expect(out).toHaveBeenCalledOnce()
  await send('GET')
  expect(isAway()).toBe(false)
  expect(out).toHaveBeenCalledTimes(2)
})

it('asks nothing of somebody whose login is refused', async () => {
  await send('POST', '/api/v1/auth/login')
  expect(isAway()).toBe(false)
  expect(out).not.toHaveBeenCalled()
})
