import { parseDate } from '@internationalized/date'

export const actorKinds = ['member', 'api_client', 'system', 'visitor'] as const
export type ActorKind = (typeof actorKinds)[number]

/** What the address of the log holds, so that a search can be kept, shared and gone back to. */
export type LogSearch = {
  actorId?: string
  actorKind?: ActorKind
  resource?: string
  dossierId?: string
  clientId?: string
  /** Days in Amsterdam, both included. */
  from?: string
  until?: string
}

const matching = (value: unknown, pattern: RegExp): string | undefined =>
  typeof value === 'string' && pattern.test(value) ? value : undefined
const id = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** A day that exists. */
function day(value: unknown): string | undefined {
  const text = matching(value, /^\d{4}-\d\d-\d\d$/)
  try {
    return text && parseDate(text).toString()
  } catch {
    return undefined
  }
}

/** Takes only what it knows: an address with nonsense in it shows the whole log. */
export function parseSearch(search: Record<string, unknown>): LogSearch {
  const actorId = matching(search['actorId'], id)
  const actorKind = actorId ? undefined : actorKinds.find((known) => known === search['actorKind'])
  const resource = matching(search['resource'], /^[a-z_]{1,40}$/)
  const dossierId = matching(search['dossierId'], id)
  const clientId = matching(search['clientId'], id)
  const from = day(search['from'])
  const until = day(search['until'])
  return {
    ...(actorId ? { actorId } : {}),
    ...(actorKind ? { actorKind } : {}),
    ...(resource ? { resource } : {}),
    ...(dossierId ? { dossierId } : {}),
    ...(clientId ? { clientId } : {}),
    ...(from ? { from } : {}),
    ...(until ? { until } : {}),
  }
}

// The office works on Dutch time, also when the laptop does not.
// oxlint-disable-next-line lingui/no-unlocalized-strings
const timeZone = 'Europe/Amsterdam'
const midnight = (of: string, plus = 0) => parseDate(of).add({ days: plus }).toDate(timeZone).toISOString()

/** The question to the server: the last day is included. */
export function queryOf({ from, until, ...rest }: LogSearch) {
  return { ...rest, ...(from ? { from: midnight(from) } : {}), ...(until ? { to: midnight(until, 1) } : {}) }
}
