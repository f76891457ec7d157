import { expect, it } from 'vitest'
import { presetOf, tick } from './rights'

it('hands in only where the dossier is open', () => {
  expect(tick([], 'portal.submission:create', true)).toEqual(['portal.dossier:read', 'portal.submission:create'])
  expect(tick(['portal.dossier:read', 'portal.submission:create', 'portal.document:read'], 'portal.dossier:read', false)).toEqual([
    'portal.document:read',
  ])
  expect(tick(['portal.dossier:read', 'portal.submission:create'], 'portal.submission:create', false)).toEqual(['portal.dossier:read'])
})

it('calls ticks that are nobody’s preset custom, and forgets that when they are put back', () => {
  const presets = [
    { preset: 'read_only' as const, permissions: ['portal.dossier:read', 'portal.document:read', 'portal.me'] },
    { preset: 'applicant' as const, permissions: ['portal.dossier:read', 'portal.me'] },
  ]
  expect(presetOf('read_only', ['portal.document:read', 'portal.dossier:read'], presets)).toBe('read_only')
  expect(presetOf('read_only', ['portal.dossier:read'], presets)).toBe('custom')
})
