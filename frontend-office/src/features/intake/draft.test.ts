import { describe, expect, it } from 'vitest'
import { bodyOf, clientNameOf, emptyPerson, usernameOf, type Draft } from './draft'

const eva = { ...emptyPerson(1), firstName: 'Eva', lastName: 'de Wit', email: 'Eva@DeWit.example' }
const ruben = { ...emptyPerson(2), firstName: 'Ruben', lastName: 'Timmer' }
const draft: Draft = {
  client: undefined,
  clientName: '',
  clientKind: 'household',
  name: '',
  subject: '',
  phase: 'intake',
  dueOn: '',
  adviserId: 'a',
  caseHandlerId: '',
  people: [eva, ruben],
  products: [
    { key: 1, kind: 'mortgage', name: 'Hypotheek' },
    { key: 3, kind: 'pension', name: 'Pensioen' },
  ],
  picked: [
    { productKey: 3, templateId: 't1', title: 'Pensioenoverzicht', explanation: '' },
    { productKey: 2, templateId: 't2', title: 'Van een product dat weer weg is', explanation: '' },
  ],
}

describe('usernameOf', () => {
  it('is the e-mail address, or else the name', () => {
    expect([usernameOf(draft.people, 0), usernameOf(draft.people, 1)]).toEqual(['eva@dewit.example', 'ruben.timmer'])
  })
  it('never suggests the same for two people who share an address', () => {
    const both = [eva, { ...ruben, email: eva.email }]
    expect(usernameOf(both, 1)).toBe('ruben.timmer')
  })
  it('keeps what someone typed', () => {
    expect(usernameOf([{ ...eva, username: 'eva' }], 0)).toBe('eva')
  })
})

describe('bodyOf', () => {
  it('makes one request of the whole form, and drops action points of a removed product', () => {
    const body = bodyOf(draft)
    expect(body.client).toEqual({ name: 'De Wit en Timmer', kind: 'household' })
    expect(body.actionPoints).toEqual([{ productIndex: 1, title: 'Pensioenoverzicht', explanation: '' }])
    expect(body.applicants[1]).toEqual({ firstName: 'Ruben', lastName: 'Timmer', salutation: '', mobile: '', username: 'ruben.timmer' })
  })
  it('uses an existing client and contact as they are', () => {
    const body = bodyOf({ ...draft, client: { id: 'c1', name: 'x' }, people: [{ ...eva, contactId: 'k1' }] })
    expect(body.client).toEqual({ id: 'c1' })
    expect(body.applicants).toEqual([{ contactId: 'k1', username: 'eva@dewit.example' }])
  })
})

it('names the client after its people', () => {
  expect(clientNameOf({ clientName: '', people: [eva, { ...ruben, lastName: 'de Wit' }] })).toBe('De Wit')
})
