import { phases, type Phase } from '#/lib/words'

export const views = ['all', 'review', 'customer', 'inactive', 'due'] as const
export type View = (typeof views)[number]

/** What the address of the list holds, so that a filter can be kept, shared and gone back to. */
export type DossierSearch = {
  view?: View
  q?: string
  adviserId?: string
  phase?: Phase
  status?: 'open' | 'closed'
  sort?: 'name' | 'due'
}

const oneOf = <T extends string>(values: readonly T[], value: unknown): T | undefined => values.find((known) => known === value)

/** Takes only what it knows: an address with nonsense in it shows the plain list. */
export function parseSearch(search: Record<string, unknown>): DossierSearch {
  const view = oneOf(views, search['view'])
  const phase = oneOf(phases, search['phase'])
  const status = oneOf(['open', 'closed'] as const, search['status'])
  const sort = oneOf(['name', 'due'] as const, search['sort'])
  const q = typeof search['q'] === 'string' ? search['q'].slice(0, 100) : ''
  const adviserId =
    typeof search['adviserId'] === 'string' && /^[0-9a-f-]{36}$/i.test(search['adviserId']) ? search['adviserId'] : undefined
  return {
    ...(view && view !== 'all' ? { view } : {}),
    ...(q ? { q } : {}),
    ...(adviserId ? { adviserId } : {}),
    ...(phase ? { phase } : {}),
    ...(status ? { status } : {}),
    ...(sort ? { sort } : {}),
  }
}

/** The question to the server that a view and its filters stand for. */
export function queryOf({ view = 'all', ...filters }: DossierSearch) {
  switch (view) {
    case 'review':
      return { turn: 'office' as const, ...filters }
    case 'customer':
      return { turn: 'customer' as const, ...filters }
    case 'inactive':
      return { portalState: 'inactive' as const, ...filters }
    case 'due':
      return { due: true, sort: 'due' as const, ...filters }
    case 'all':
      return filters
  }
}
