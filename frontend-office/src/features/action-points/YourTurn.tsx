import { t } from '@lingui/core/macro'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { listDossierActionPointsOptions } from '#/api/generated/@tanstack/react-query.gen'
import type { ActionPoint, Dossier } from '#/api/generated/types.gen'
import { useCan } from '#/api/me'
import { Bell } from '#/components/Bell'
import { Button } from '#/components/Button'
import { Conflict, Failed, Mistake, SkeletonRows } from '#/components/States'
import { Glyph, lookOf } from '#/components/Status'
import { moment } from '#/lib/dates'
import { useDecisions } from './decisions'
import { RejectDialog } from './RejectDialog'

/** What waits for the office in this dossier, decided on the spot. */
export function YourTurn({ dossier }: { dossier: Dossier }) {
  const dossierId = dossier.id
  const mayReview = useCan('action_point:review') && dossier.status === 'open'
  const [rejecting, setRejecting] = useState<ActionPoint>()
  const decisions = useDecisions(() => setRejecting(undefined))
  const list = useQuery(listDossierActionPointsOptions({ path: { dossierId }, query: { limit: 200 } }))
  const waiting = (list.data?.items ?? []).filter((point) => point.state === 'submitted')
  return (
    <section aria-labelledby="your-turn">
      <div className="sec-h">
        <h2 id="your-turn">{t`Jij bent aan zet`}</h2>
        <Bell count={waiting.length} />
        {waiting[0] && (
          <div className="end">
            <Link to="/review" search={{ point: waiting[0].id }}>
              {t`Beoordelen`}
            </Link>
            <kbd aria-hidden="true">B</kbd>
          </div>
        )}
      </div>
      {!rejecting && decisions.stale && <Conflict error={decisions.problem} onReload={() => decisions.reload()} />}
      {!rejecting && <Mistake error={decisions.error} />}
      {list.isPending ? (
        <SkeletonRows rows={2} />
      ) : list.isError ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : waiting.length === 0 ? (
        <p className="small muted">{t`Er ligt nu niets om te beoordelen.`}</p>
      ) : (
        <div className="rows">
          {waiting.map((point) => {
            const latest = point.submissions.toSorted((a, b) => b.at.localeCompare(a.at))[0]
            const files = latest?.files.length ?? 0
            return (
              <div key={point.id} className="rrow">
                <Glyph {...lookOf(point)} />
                <div className="fill">
                  <b>{point.title}</b>
                  {latest && (
                    <p>
                      {t`Ingediend door ${latest.byFirstName}, ${moment(latest.at)}`}
                      {files > 1 && t`, ${files} bestanden`}
                    </p>
                  )}
                </div>
                {mayReview && (
                  <div className="end">
                    <Button variant="quiet" small onClick={() => setRejecting(point)}>
                      {t`Afkeuren`}
                    </Button>
                    <Button small icon="check" busy={decisions.busy} onClick={() => decisions.approve(point)}>
                      {t`Goedkeuren`}
                    </Button>
                  </div>
                )}
              </div>
            )
          })}
        </div>
      )}
      {rejecting && <RejectDialog point={rejecting} decisions={decisions} onClose={() => setRejecting(undefined)} />}
    </section>
  )
}
