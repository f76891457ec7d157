import { t } from '@lingui/core/macro'
import type { Dossier } from '#/api/generated/types.gen'
import { useCan } from '#/api/me'
import { Button } from '#/components/Button'
import { MemberCard } from './MemberCard'

/** The aside of the overview: each applicant with the way in. */
export function PortalCard({ dossier, onInvite }: { dossier: Dossier; onInvite: () => void }) {
  const mayWrite = useCan('member:write')
  return (
    <section aria-labelledby="portal-card">
      <div className="sec-h">
        <h2 id="portal-card">{t`Klantportaal`}</h2>
      </div>
      <div className="rows">
        {dossier.applicants.map((person) => (
          <MemberCard key={person.id} person={person} member={person.member} />
        ))}
      </div>
      {mayWrite && dossier.portalState !== 'active' && (
        <p className="row-s after">
          <Button icon="paper-plane-tilt" variant={dossier.portalState === 'none' ? 'primary' : 'secondary'} block onClick={onInvite}>
            {t`Uitnodiging versturen`}
          </Button>
        </p>
      )}
    </section>
  )
}
