import { describe, expect, it } from 'vitest'
import { concerns, parseChange } from './concerns'

const change = { name: 'action_point.submitted', dossierId: 'd1', subject: 'a1' }

describe('concerns', () => {
  it.each([
    ['the dossier itself', { _id: 'getDossier', path: { dossierId: 'd1' } }, true],
    ['its action points', { _id: 'listDossierActionPoints', path: { dossierId: 'd1' } }, true],
    ['the queue across dossiers', { _id: 'listActionPoints', query: { state: 'submitted' } }, true],
    ['the point itself', { _id: 'getActionPoint', path: { actionPointId: 'a1' } }, true],
    ['another dossier', { _id: 'getDossier', path: { dossierId: 'd2' } }, false],
    ['the office', { _id: 'getOrganisation' }, false],
  ])('%s', (_, key, expected) => {
    expect(concerns(change, [key])).toBe(expected)
  })

  it('follows a member who activates, who belongs to no dossier', () => {
    const activated = { name: 'portal_member.activated', dossierId: undefined, subject: 'm1' }
    expect(concerns(activated, [{ _id: 'getDossier', path: { dossierId: 'd9' } }])).toBe(true)
  })
})

describe('parseChange', () => {
  it('ignores what it does not understand', () => {
    expect(parseChange('not json')).toBeUndefined()
    expect(parseChange('{"id":1}')).toBeUndefined()
  })
})
