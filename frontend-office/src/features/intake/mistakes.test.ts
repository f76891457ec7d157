import { expect, it } from 'vitest'
import { emptyPerson, type Draft } from './draft'
import { missingIn, stillMissing } from './mistakes'

const empty: Draft = {
  client: undefined,
  clientName: '',
  clientKind: 'household',
  name: '',
  subject: '',
  phase: 'intake',
  dueOn: '',
  adviserId: 'a',
  caseHandlerId: '',
  people: [emptyPerson(1)],
  products: [],
  picked: [],
}
const named: Draft = { ...empty, people: [{ ...emptyPerson(1), firstName: 'Ria', lastName: 'Postma' }] }

it('asks only for what has to be typed: the name of the client and the username follow', () => {
  expect(Object.keys(missingIn(empty, true))).toEqual(['/applicants/0/firstName', '/applicants/0/lastName'])
  expect(missingIn(named, true)).toEqual({})
  expect(
    Object.keys(missingIn({ ...named, people: [{ ...emptyPerson(1), firstName: 'Ria', lastName: 'Postma', username: '' }] }, true)),
  ).toEqual(['/applicants/0/username'])
})

it('takes back what was put right, whichever field did it, and says nothing new', () => {
  const said = missingIn(empty, true)
  expect(stillMissing(said, missingIn(named, true))).toEqual({})
  const another = { ...named, people: [...named.people, emptyPerson(2)] }
  expect(stillMissing(said, missingIn(another, true))).toEqual({})
})
