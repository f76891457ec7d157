import { describe, expect, it } from 'vitest'
import { parseSearch, queryOf } from './search'

describe('parseSearch', () => {
  it('keeps what it knows and drops the rest', () => {
    expect(parseSearch({ view: 'review', phase: 'advice', status: 'shut', q: 'wit', adviserId: '1 or 1', x: 1 })).toEqual({
      view: 'review',
      phase: 'advice',
      q: 'wit',
    })
  })
  it('shows the plain list without anything', () => {
    expect(parseSearch({ view: 'all', q: '' })).toEqual({})
  })
})

describe('queryOf', () => {
  it('turns a view into a question', () => {
    expect(queryOf({ view: 'customer', q: 'wit' })).toEqual({ turn: 'customer', q: 'wit' })
    expect(queryOf({ view: 'due' })).toEqual({ due: true, sort: 'due' })
    expect(queryOf({ status: 'closed' })).toEqual({ status: 'closed' })
  })
})
