import { getLocale } from '#/lib/locale'
import { looksAlong } from '#/lib/looking'
import { randomKey } from '#/lib/random'
import { client } from './generated/client.gen'
import { ApiProblem } from './problem'
import { askAgain, renewals } from './stepUp'

let onUnauthenticated = (_code: string) => {}

/** Called when the server says that the session is over, and why, on any request but the sign-in itself. */
export function whenUnauthenticated(run: (code: string) => void) {
  onUnauthenticated = run
}

/** For what does not pass here: the session is over, sign in and come back. */
export const sessionEnded = (code = '') => onUnauthenticated(code)

let answered = Date.now()

/** When the server last answered somebody who is signed in: the session lives on from there. */
export const lastAnswer = () => answered

/** Names the version that a change is about: when the office was faster, nothing happens. */
export const ifMatch = (version: number) => ({ 'If-Match': `"${version}"` })

/**
 * The one way out of this app. It marks a request as ours (no form on another site can set the header), gives each
 * POST a key of its own, and sends a request once more when the connection dropped: with that key a second arrival is harmless.
 */
export async function portalFetch(request: Request): Promise<Response> {
  const headers = new Headers(request.headers)
  headers.set('Accept-Language', getLocale())
  if (looksAlong()) headers.set('X-Voordeur-View', '1')
  if (request.method !== 'GET') headers.set('X-Voordeur', '1')
  if (request.method === 'POST' && !headers.has('Idempotency-Key')) headers.set('Idempotency-Key', randomKey())
  const ours = new Request(request, { headers })
  const before = renewals()
  let response = await send(ours)
  // What the server wants a password for is sent again once it was given.
  if (response.status === 403 && (await codeOf(response)) === 'step-up-required' && (await askAgain())) response = await send(ours)
  // A request that crossed a renewed session was not refused for good.
  else if (response.status === 401 && renewals() > before) response = await send(ours)
  if (response.status === 401 && !new URL(request.url).pathname.startsWith('/api/v1/portal/auth/'))
    onUnauthenticated(await codeOf(response))
  if (response.ok) answered = Date.now()
  return response
}

/** The answer to a question that the page has asked already (early.ts): once, and not after something was changed. */
function early(request: Request): Promise<Response> | undefined {
  const { answers, until } = window.early ?? {}
  if (request.method !== 'GET' || Date.now() > (until ?? 0)) answers?.clear()
  const answer = answers?.get(request.url)
  answers?.delete(request.url)
  return answer
}

/** Sends a copy, so that the request can go out again. */
async function send(request: Request): Promise<Response> {
  try {
    const answer = await early(request)
    if (answer) return answer
    return await fetch(request.clone())
  } catch (error) {
    if ((request.method !== 'GET' && request.method !== 'POST') || request.signal.aborted) throw error
    return fetch(request.clone())
  }
}

/** The code of a refusal, without using up its body. */
async function codeOf(response: Response): Promise<string> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined)
  return new ApiProblem(response.status, body).code
}

client.setConfig({
  baseUrl: '/api/v1',
  credentials: 'same-origin',
  throwOnError: true,
  fetch: (input, init) => portalFetch(new Request(input, init)),
})

client.interceptors.error.use((error, response) => {
  if (error instanceof DOMException) return error
  const wait = Number(response?.headers.get('Retry-After'))
  return new ApiProblem(response?.status ?? 0, error, Number.isFinite(wait) && wait > 0 ? wait : undefined)
})
