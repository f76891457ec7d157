import { t } from '@lingui/core/macro'
import { useState } from 'react'
import type { Dossier } from '#/api/generated/types.gen'
import { useCan } from '#/api/me'
import { Button, IconButton } from '#/components/Button'
import { AddApplicantDialog } from './AddApplicantDialog'
import { Applicants } from './Applicants'

/** The aside of the overview: each applicant with the way in. */
export function PortalCard({ dossier, onInvite }: { dossier: Dossier; onInvite: () => void }) {
  const mayWrite = useCan('member:write')
  const mayApply = useCan('dossier:write') && dossier.status === 'open'
  const [adding, setAdding] = useState(false)
  return (
    <section aria-labelledby="portal-card">
      <div className="sec-h">
        <h2 id="portal-card">{t`Klantportaal`}</h2>
        {mayApply && (
          <div className="end">
            <IconButton icon="user-plus" label={t`Aanvrager toevoegen`} small onClick={() => setAdding(true)} />
          </div>
        )}
      </div>
      <div className="rows">
        <Applicants dossier={dossier} />
      </div>
      {mayWrite && dossier.portalState !== 'active' && (
        <p className="row-s after">
          <Button icon="paper-plane-tilt" variant={dossier.portalState === 'none' ? 'primary' : 'secondary'} block onClick={onInvite}>
            {t`Uitnodiging versturen`}
          </Button>
        </p>
      )}
      {adding && <AddApplicantDialog dossier={dossier} onClose={() => setAdding(false)} />}
    </section>
  )
}
