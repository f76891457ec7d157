import { describe, expect, it } from 'vitest'
import { parseSearch, queryOf } from './search'

describe('the address of the log', () => {
  it('keeps what it knows and drops the rest', () => {
    const known = { actorId: '018f3b7e-0000-7000-8000-000000000001', resource: 'action_point', from: '2026-10-25', until: '2026-11-01' }
    expect(parseSearch({ ...known, nonsense: 1 })).toEqual(known)
    expect(
      parseSearch({ actorId: 'x', actorKind: 'dog', resource: "a'; drop", dossierId: 7, clientId: '', from: '2026-02-30', until: 'soon' }),
    ).toEqual({})
  })

  it('asks for one person or for a kind of person, not for both', () => {
    expect(parseSearch({ actorId: '018f3b7e-0000-7000-8000-000000000001', actorKind: 'member' })).not.toHaveProperty('actorKind')
    expect(parseSearch({ actorKind: 'member' })).toEqual({ actorKind: 'member' })
  })

  it('turns days of Amsterdam into moments, the last day included, also when the clock goes back', () => {
    expect(queryOf({ from: '2026-10-25', until: '2026-10-25' })).toEqual({
      from: '2026-10-24T22:00:00.000Z',
      to: '2026-10-25T23:00:00.000Z',
    })
    expect(queryOf({ resource: 'dossier' })).toEqual({ resource: 'dossier' })
  })
})
