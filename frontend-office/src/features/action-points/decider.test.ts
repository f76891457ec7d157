import { expect, it } from 'vitest'
import { decider } from './decider'

it('names the colleague, or the program that decided in place of one', () => {
  expect(decider({ byFirstName: 'Sanne' })).toBe('Sanne')
  expect(decider({ byFirstName: 'Brugwachter', byProgram: 'Scanstraat' })).toBe('Koppeling Scanstraat')
})
