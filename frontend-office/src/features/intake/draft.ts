import { suggestUsername } from '#/lib/username'
import type { Phase, ProductKind } from '#/lib/words'

export type PersonDraft = {
  key: number
  contactId?: string
  firstName: string
  lastName: string
  salutation: string
  email: string
  mobile: string
  /** Absent: the suggestion, which follows the e-mail address while that is typed. */
  username?: string
}
export type ProductDraft = { key: number; kind: ProductKind; name: string }
export type Draft = {
  client: { id: string; name: string } | undefined
  clientName: string
  clientKind: 'person' | 'household' | 'company'
  name: string
  subject: string
  phase: Phase
  dueOn: string
  adviserId: string
  caseHandlerId: string
  people: PersonDraft[]
  products: ProductDraft[]
  /** Keys of usual action points: product key and template id. */
  picked: { productKey: number; templateId: string; title: string; explanation: string }[]
}

export const emptyPerson = (key: number): PersonDraft => ({ key, firstName: '', lastName: '', salutation: '', email: '', mobile: '' })

/** Two people of one household never get the same suggestion: the second falls back to their name. */
export function usernameOf(people: PersonDraft[], index: number): string {
  const person = people[index]
  if (!person) return ''
  if (person.username !== undefined) return person.username
  const suggestion = suggestUsername(person)
  const taken = people.slice(0, index).some((_, at) => usernameOf(people, at) === suggestion)
  return taken && suggestion ? suggestUsername({ ...person, email: '' }) : suggestion
}

/** The body of the one request that makes client, contacts, logins, dossier and first action points. */
export function bodyOf(draft: Draft) {
  return {
    client: draft.client ? { id: draft.client.id } : { name: clientNameOf(draft), kind: draft.clientKind },
    name: draft.name.trim(),
    subject: draft.subject.trim(),
    phase: draft.phase,
    adviserId: draft.adviserId,
    ...(draft.caseHandlerId ? { caseHandlerId: draft.caseHandlerId } : {}),
    ...(draft.dueOn ? { dueOn: draft.dueOn } : {}),
    products: draft.products.map(({ kind, name }) => ({ kind, name: name.trim() })),
    applicants: draft.people.map((person, index) => ({
      ...(person.contactId
        ? { contactId: person.contactId }
        : {
            firstName: person.firstName.trim(),
            lastName: person.lastName.trim(),
            salutation: person.salutation.trim(),
            ...(person.email.trim() ? { email: person.email.trim() } : {}),
            mobile: person.mobile.trim(),
          }),
      username: usernameOf(draft.people, index).trim(),
    })),
    actionPoints: draft.picked.flatMap(({ productKey, title, explanation }) => {
      const productIndex = draft.products.findIndex((product) => product.key === productKey)
      return productIndex < 0 ? [] : [{ productIndex, title, explanation }]
    }),
  }
}

/** "De Wit en Timmer": the last names, when nobody chose a name. */
export function clientNameOf(draft: Pick<Draft, 'clientName' | 'people'>): string {
  if (draft.clientName.trim()) return draft.clientName.trim()
  const names = [...new Set(draft.people.map((person) => person.lastName.trim()).filter(Boolean))]
  const joined = names.join(' en ')
  return joined.charAt(0).toLocaleUpperCase() + joined.slice(1)
}
