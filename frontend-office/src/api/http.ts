import { getLocale } from '#/lib/locale'
import { randomKey } from '#/lib/random'
import { hasTyped } from '#/lib/typed'
import { askToReturn, isAway, returns } from './again'
import { client } from './generated/client.gen'
import { ApiProblem } from './problem'
import { askAgain, renewals } from './stepUp'

let onUnauthenticated = () => {}

/** Called when the server says that the session is over, on any request but the sign-in itself. */
export function whenUnauthenticated(run: () => void) {
  onUnauthenticated = run
}

/** The session is over, as far as can be told from here. What somebody typed is kept until they are back. */
export function sessionEnded() {
  if (!hasTyped()) return onUnauthenticated()
  void askToReturn().then((back) => back || onUnauthenticated())
  return undefined
}

let answered = Date.now()

/** When the server last answered somebody who is signed in: from then on the session lives an hour. */
export const lastAnswer = () => answered

/** The If-Match header of a write: the version the person was looking at. */
export const ifMatch = (version: number) => ({ 'If-Match': `"${version}"` })

/**
 * The one way out of this app. It marks a request as ours (no form on another site can set the header), gives each
 * POST a key of its own, and sends a request once more when the connection dropped: with that key a second arrival is harmless.
 */
export async function officeFetch(request: Request): Promise<Response> {
  const headers = new Headers(request.headers)
  headers.set('Accept-Language', getLocale())
  if (request.method !== 'GET') headers.set('X-Voordeur', '1')
  if (request.method === 'POST' && !headers.has('Idempotency-Key')) headers.set('Idempotency-Key', randomKey())
  const ours = new Request(request, { headers })
  const before = renewals() + returns()
  let response = await send(ours)
  // What the server wants a password for is sent again once it was given.
  if (response.status === 403 && (await codeOf(response)) === 'step-up-required' && (await askAgain())) response = await send(ours)
  // A request that crossed a renewed session was not refused for good.
  else if (response.status === 401 && renewals() + returns() > before) response = await send(ours)
  const over = response.status === 401 && endsHere(request)
  // What was being done or typed is kept while the person logs in again; then the request goes out once more.
  if (over && (isAway() || request.method !== 'GET' || hasTyped()) && (await askToReturn())) response = await send(ours)
  else if (over) onUnauthenticated()
  if (response.status !== 401) answered = Date.now()
  return response
}

/** Whether a refusal of this request tells that the session is over. Logging in is refused for its own reasons. */
function endsHere(request: Request): boolean {
  const path = new URL(request.url).pathname
  // While somebody logs in again, asking who that is is part of it.
  return !path.startsWith('/api/v1/auth/') && !(path === '/api/v1/me' && isAway())
}

/** Sends a copy, so that the request can go out again. */
async function send(request: Request): Promise<Response> {
  try {
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
  fetch: (input, init) => officeFetch(new Request(input, init)),
})

client.interceptors.error.use((error, response) => {
  if (error instanceof DOMException) return error
  const wait = Number(response?.headers.get('Retry-After'))
  return new ApiProblem(response?.status ?? 0, error, Number.isFinite(wait) && wait > 0 ? wait : undefined)
})
