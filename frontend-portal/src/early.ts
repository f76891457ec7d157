import { catalogue, getLocale, type Catalogue } from '#/lib/language'
import { looksAlong } from '#/lib/looking'

// Stands in the page itself (scripts/early.ts): what the first screen shows is asked for while the app's own files are still on their
// way, which on a slow phone is most of the wait. `portalFetch` takes the answers from here, each once.

/** The addresses behind the login. All of them begin with who somebody is and which dossiers are open to them. */
const behindTheLogin = new Set(['', 'action-points', 'documents', 'products', 'settings'])

/** The files that the build made, by what they are for. */
declare const __FILES__: Record<'door' | 'inside', Partial<Record<Catalogue, string[]>>> & { screens: string[] }

declare global {
  interface Window {
    /** What was asked for before the app was there, by address, and until when (a moment in ms) the answers count as fresh. */
    early?: { answers: Map<string, Promise<Response>>; until: number }
  }
}

const made = __FILES__
const answers = new Map<string, Promise<Response>>()
window.early = { answers, until: Date.now() + 30_000 }

function ask(path: string): Promise<Response> {
  const answer = fetch(path, { credentials: 'same-origin', headers: { 'Accept-Language': getLocale() } })
  answers.set(new URL(path, location.origin).href, answer)
  return answer
}

async function read<T>(answer: Promise<Response>): Promise<T | undefined> {
  const response = await answer
  return response.ok ? ((await response.clone().json()) as T) : undefined
}

function prepare(files: string[] = []) {
  for (const file of files) {
    const link = document.createElement('link')
    link.rel = 'modulepreload'
    link.href = file
    document.head.append(link)
  }
}

async function atTheDoor(slug: string, inside: boolean) {
  const site = await read<{ formOfAddress: string }>(ask(`/api/v1/portal/site?office=${encodeURIComponent(slug)}`))
  const name = catalogue(site?.formOfAddress === 'formal')
  prepare(made.door[name])
  if (inside) prepare(made.inside[name])
}

async function behind() {
  prepare(made.screens)
  const list = ask('/api/v1/portal/dossiers?limit=50')
  const named = new URLSearchParams(location.search).get('dossier')
  const dossiers = named ? [{ id: named }] : (await read<{ items: { id: string }[] }>(list))?.items
  if (dossiers?.length === 1) await ask(`/api/v1/portal/dossiers/${encodeURIComponent(dossiers[0]?.id ?? '')}`)
}

const [, slug = '', page = ''] = location.pathname.split('/')
const inside = behindTheLogin.has(page) && !looksAlong()
// What fails here is told where the answer is wanted.
const quietly = () => {}
if (slug) atTheDoor(slug, inside).catch(quietly)
if (slug && inside) {
  ask('/api/v1/portal/me').catch(quietly)
  behind().catch(quietly)
}
