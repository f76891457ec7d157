import { describe, expect, it } from 'vitest'
import { buttonBand, parseColour } from './colour'

describe('parseColour', () => {
  it.each([
    ['#2B4A9B', '#2b4a9b'],
    [' 2b4a9b', '#2b4a9b'],
    ['#fc0', '#ffcc00'],
    ['blauw', undefined],
    ['#2b4a9', undefined],
  ])('%s', (text, expected) => expect(parseColour(text)).toBe(expected))
})

describe('buttonBand', () => {
  it.each([
    ['#2b4a9b', 'as-given'],
    ['#e8590c', 'darkened'],
    ['#ffd43b', 'dark-text'],
  ])('%s', (colour, band) => expect(buttonBand(colour)).toBe(band))
})
