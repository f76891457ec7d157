import { useState } from 'react'
import type { Dossier, DossierApplicant, PortalMember } from '#/api/generated/types.gen'
import { useCan } from '#/api/me'
import { MemberCard } from './MemberCard'
import { RemoveApplicantDialog } from './RemoveApplicantDialog'

/** A card per applicant; the last one cannot leave. */
export function Applicants({ dossier, logins }: { dossier: Dossier; logins?: PortalMember[] }) {
  const mayRemove = useCan('dossier:write') && dossier.status === 'open' && dossier.applicants.length > 1
  const [leaving, setLeaving] = useState<DossierApplicant>()
  return (
    <>
      {dossier.applicants.map((person) => (
        <MemberCard
          key={person.id}
          person={person}
          member={person.member}
          dossierId={dossier.id}
          logins={logins}
          onRemove={mayRemove ? () => setLeaving(person) : undefined}
        />
      ))}
      {leaving && <RemoveApplicantDialog dossier={dossier} person={leaving} onClose={() => setLeaving(undefined)} />}
    </>
  )
}
