/** The username that stands ready: the e-mail address, or else first and last name with a dot ("ruben.timmer"). */
export function suggestUsername(person: { firstName: string; lastName: string; email: string }): string {
  if (person.email.trim()) return person.email.trim().toLowerCase()
  return [person.firstName, person.lastName]
    .map((part) =>
      part
        .normalize('NFD')
        .replaceAll(/[\u0300-\u036F]/g, '')
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, ''),
    )
    .filter(Boolean)
    .join('.')
}
