import { expect, test } from 'vitest'
import { strengthOf } from './strength'

test.each([
  ['', 10, { left: 10 }],
  ['olifant', 10, { left: 3 }],
  ['éé🙂', 5, { left: 2 }],
  ['aaaaaaaaaaaaaaaa', 10, 'guessable'],
  ['1234567890', 10, 'guessable'],
  ['abcdefghijklmnop', 15, 'guessable'],
  ['abababababab', 10, 'guessable'],
  ['sanne brugman 1', 10, 'guessable'],
  ['olifantjes', 10, 'enough'],
  ['groene fiets langs de vaart', 15, 'strong'],
])('%s', (password, minimum, want) => {
  expect(strengthOf(password, minimum, ['Sanne Brugman', 'sanne@brugwachter.example'])).toEqual(want)
})
