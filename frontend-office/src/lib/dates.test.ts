import { describe, expect, it } from 'vitest'
import { ago, clock, daysBetween, dueTone, localDay } from './dates'

const now = new Date('2026-05-18T08:30:00Z')

describe('dates in Amsterdam', () => {
  it('knows the day there, also around midnight', () => {
    expect(localDay('2026-05-17T22:30:00Z')).toBe('2026-05-18')
    expect(localDay('2026-05-29')).toBe('2026-05-29')
    expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2)
  })
  it('writes times with a point', () => {
    expect(clock('2026-05-18T08:21:00Z')).toBe('10.21')
    expect(clock('2026-05-18T06:05:00Z')).toBe('8.05')
  })
  it('says how long ago in as few words as fit', () => {
    expect(ago('2026-05-18T08:22:00Z', now)).toBe('8 min')
    expect(ago('2026-05-18T06:22:00Z', now)).toBe('2 uur')
    expect(ago('2026-05-17T19:00:00Z', now)).toBe('gisteren')
  })
  it('colours a deadline a week ahead and when it has passed', () => {
    expect(['2026-05-17', '2026-05-18', '2026-05-25', '2026-05-26'].map((day) => dueTone(day, now))).toEqual(['late', 'soon', 'soon', ''])
  })
})
