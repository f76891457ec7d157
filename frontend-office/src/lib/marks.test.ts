import { expect, it } from 'vitest'
import { marks } from './marks'

it('marks every word that was searched for, whatever the case and accents', () => {
  expect(marks('De Wit en Timmer', 'wit tim')).toEqual([
    { text: 'De ', hit: false },
    { text: 'Wit', hit: true },
    { text: ' en ', hit: false },
    { text: 'Tim', hit: true },
    { text: 'mer', hit: false },
  ])
  expect(marks('Yılmaz', '')).toEqual([{ text: 'Yılmaz', hit: false }])
  expect(marks('Chloé', 'chloe')).toEqual([{ text: 'Chloé', hit: true }])
})
