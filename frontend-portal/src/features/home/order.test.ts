import { expect, it } from 'vitest'
import type { ActionPointSummary } from '#/api/generated/types.gen'
import { finished, inReview, yourTurn } from './order'

const point = (id: string, more: Partial<ActionPointSummary> = {}): ActionPointSummary => ({
  id,
  title: id,
  explanation: '',
  state: 'open',
  round: 1,
  askedAgain: false,
  ...more,
})

it('puts what is asked again first, then the nearest deadline, then what has no hurry', () => {
  const points = [
    point('calm'),
    point('late', { dueOn: '2026-06-01' }),
    point('soon', { dueOn: '2026-05-22' }),
    point('again', { askedAgain: true, round: 2 }),
    point('done', { state: 'approved' }),
  ]
  expect(yourTurn(points).map((one) => one.id)).toEqual(['again', 'soon', 'late', 'calm'])
})

it('keeps cancelled points off the page', () => {
  const points = [point('a', { state: 'cancelled' }), point('b', { state: 'submitted' }), point('c', { state: 'rejected' })]
  expect(yourTurn(points)).toEqual([])
  expect(inReview(points).map((one) => one.id)).toEqual(['b'])
  expect(finished(points).map((one) => one.id)).toEqual(['c'])
})
