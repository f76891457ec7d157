type Applicant = { firstName: string; email: string; member?: { state: string } | undefined }

/**
 * Which mail an invitation becomes: one per address; who has no address of their own is in the first applicant's mail,
 * and who is already active or blocked gets none.
 */
export function mailsFor(applicants: Applicant[]): { email: string; names: string[] }[] {
  const first = applicants.find((person) => person.email)?.email
  const mails = new Map<string, string[]>()
  for (const person of applicants) {
    if (person.member?.state === 'active' || person.member?.state === 'blocked' || person.member?.state === 'archived') continue
    const email = (person.email || first)?.toLowerCase()
    if (email) mails.set(email, [...(mails.get(email) ?? []), person.firstName])
  }
  return [...mails].map(([email, names]) => ({ email, names }))
}
