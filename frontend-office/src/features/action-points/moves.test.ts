import { describe, expect, it } from 'vitest'
import { laneOf, movesOf } from './moves'

const all = { write: true, review: true }

describe('the board', () => {
  it('shows whose turn it is', () => {
    expect(laneOf({ state: 'open', askedAgain: false })).toBe('customer')
    expect(laneOf({ state: 'open', askedAgain: true })).toBe('again')
    expect(laneOf({ state: 'submitted', askedAgain: false })).toBe('office')
    expect(laneOf({ state: 'cancelled', askedAgain: false })).toBe('done')
  })
  it('lets what came in be approved or asked again, and what is done be asked again', () => {
    expect(movesOf({ state: 'submitted' }, all).map((move) => move.to)).toEqual(['done', 'again'])
    expect(movesOf({ state: 'approved' }, all)).toEqual([{ to: 'again', what: 'request' }])
  })
  it('never moves what waits for the customer, what was dropped, or anything for who only looks along', () => {
    expect(movesOf({ state: 'open' }, all)).toEqual([])
    expect(movesOf({ state: 'cancelled' }, all)).toEqual([])
    expect(movesOf({ state: 'submitted' }, { write: false, review: false })).toEqual([])
  })
})
