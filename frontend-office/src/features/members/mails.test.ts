import { expect, it } from 'vitest'
import { mailsFor } from './mails'

it('sends one mail per address, and puts who has none in the first applicant’s', () => {
  expect(
    mailsFor([
      { firstName: 'Eva', email: 'eva@dewit.example', member: { state: 'new' } },
      { firstName: 'Ruben', email: '', member: { state: 'new' } },
      { firstName: 'Ilse', email: 'ilse@hofstede.example', member: { state: 'active' } },
    ]),
  ).toEqual([{ email: 'eva@dewit.example', names: ['Eva', 'Ruben'] }])
})
