import { t } from '@lingui/core/macro'
import { ApiProblem } from '#/api/problem'
import { usernameOf, type Draft } from './draft'

/** What is still missing, by the same pointers as the server's. */
export function missingIn(draft: Draft, isNew: boolean): Record<string, string> {
  const mistakes: Record<string, string> = {}
  if (!isNew && !draft.client) mistakes['/client/name'] = t`Kies een klant, of maak een nieuwe`
  if (!draft.adviserId) mistakes['/adviserId'] = t`Kies een adviseur`
  draft.people.forEach((person, index) => {
    const number = index + 1
    if (!person.firstName.trim()) mistakes[`/applicants/${index}/firstName`] = t`Vul de voornaam van aanvrager ${number} in`
    if (!person.lastName.trim()) mistakes[`/applicants/${index}/lastName`] = t`Vul de achternaam van aanvrager ${number} in`
    if (person.email.trim() && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(person.email.trim()))
      mistakes[`/applicants/${index}/email`] = t`Het e-mailadres van aanvrager ${number} is nog niet compleet`
    const username = usernameOf(draft.people, index).trim()
    // What follows from the name or the address is not missing beside them.
    if (!username && person.username === undefined && !(person.firstName.trim() && person.lastName.trim())) return
    if (!username) mistakes[`/applicants/${index}/username`] = t`Kies een gebruikersnaam voor aanvrager ${number}`
    else if (
      draft.people.some((_, other) => other < index && usernameOf(draft.people, other).trim().toLowerCase() === username.toLowerCase())
    )
      mistakes[`/applicants/${index}/username`] = t`Deze gebruikersnaam heeft een andere aanvrager al. Kies een andere.`
  })
  draft.products.forEach((product, index) => {
    if (!product.name.trim()) mistakes[`/products/${index}/name`] = t`Geef product ${index + 1} een naam`
  })
  return mistakes
}

/** Of what was missing when it was said, what still is. Nothing new is said while somebody types. */
export function stillMissing(said: Record<string, string>, now: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(said).filter(([pointer, message]) => now[pointer] === message))
}

/** The refusals of the server, each at its field. */
export const refusedIn = (error: unknown): Record<string, string> => (error instanceof ApiProblem ? error.fields : {})

/** "/applicants/1/username" → "applicants-1-username", the id of the field. */
export const fieldId = (pointer: string) => pointer.slice(1).replaceAll('/', '-')
