import { expect, it } from 'vitest'
import { groupByTurn } from './groups'

it('puts the test client first and never counts it with the others', () => {
  const groups = groupByTurn([
    { id: 1, isTest: false, status: 'open', turn: 'customer' },
    { id: 2, isTest: true, status: 'open', turn: 'office' },
    { id: 3, isTest: false, status: 'closed', turn: 'office' },
    { id: 4, isTest: false, status: 'open', turn: 'office' },
  ] as const)
  expect(groups.map((group) => [group.key, group.items.map((item) => item.id)])).toEqual([
    ['test', [2]],
    ['office', [4]],
    ['customer', [1]],
    ['closed', [3]],
  ])
})
