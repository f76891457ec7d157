import { t } from '@lingui/core/macro'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { getClientOptions, listPortalMembersOptions } from '#/api/generated/@tanstack/react-query.gen'
import type { Dossier } from '#/api/generated/types.gen'
import { useCan } from '#/api/me'
import { Button } from '#/components/Button'
import { Failed, SkeletonRows } from '#/components/States'
import { AddApplicantDialog } from './AddApplicantDialog'
import { AddMemberDialog } from './AddMemberDialog'
import { Applicants } from './Applicants'
import { ArchivedMembers } from './ArchivedMembers'
import { MemberCard } from './MemberCard'

/** Everyone who can open this dossier in the portal. */
export function PortalTab({ dossier, onInvite }: { dossier: Dossier; onInvite: () => void }) {
  const mayWrite = useCan('member:write')
  const mayApply = useCan('dossier:write') && dossier.status === 'open'
  const [adding, setAdding] = useState<'applicant' | 'member'>()
  const members = useQuery(listPortalMembersOptions({ query: { clientId: dossier.client.id, archived: true, limit: 200 } }))
  const client = useQuery(getClientOptions({ path: { clientId: dossier.client.id } }))
  const logins = members.data?.items ?? []
  const all = logins.filter((member) => member.dossierIds.includes(dossier.id))
  const active = all.filter((member) => member.state !== 'archived')
  const others = active.filter((member) => !dossier.applicants.some((person) => person.contactId === member.contactId))
  const known = new Set(active.map((member) => member.contactId))
  return (
    // What scrolls must be reachable by keyboard, also for a role without buttons.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="scroll" tabIndex={0} role="region" aria-label={t`Klantportaal`}>
      <div className="c-main form-page stack is-airy">
        <section aria-labelledby="portal-members">
          <div className="sec-h">
            <h2 id="portal-members">{t`Leden van dit portaal`}</h2>
            {mayWrite ? (
              <div className="end">
                {mayApply && (
                  <Button icon="user-plus" small onClick={() => setAdding('applicant')}>
                    {t`Aanvrager toevoegen`}
                  </Button>
                )}
                <Button icon="user-plus" small onClick={() => setAdding('member')}>
                  {t`Lid toevoegen`}
                </Button>
                <Button icon="paper-plane-tilt" small variant="primary" onClick={onInvite}>
                  {t`Uitnodiging versturen`}
                </Button>
              </div>
            ) : (
              <span className="caption push">{t`Je kijkt mee: je rol mag niets wijzigen.`}</span>
            )}
          </div>
          {members.isPending ? (
            <SkeletonRows rows={3} />
          ) : members.isError ? (
            <Failed error={members.error} retry={() => void members.refetch()} />
          ) : (
            <div className="rows">
              <Applicants dossier={dossier} logins={logins} />
              {others.map((member) => (
                <MemberCard key={member.id} person={member} member={member} dossierId={dossier.id} logins={logins} />
              ))}
            </div>
          )}
          <ArchivedMembers members={all} />
        </section>
      </div>
      {adding === 'applicant' && <AddApplicantDialog dossier={dossier} onClose={() => setAdding(undefined)} />}
      {adding === 'member' && (
        <AddMemberDialog
          clientId={dossier.client.id}
          contacts={(client.data?.contacts ?? []).filter((contact) => !known.has(contact.id))}
          dossiers={[dossier]}
          onClose={() => setAdding(undefined)}
        />
      )}
    </div>
  )
}
