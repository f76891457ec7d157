import { t } from '@lingui/core/macro'
import { useState } from 'react'
import type { ActionPoint } from '#/api/generated/types.gen'
import { Button } from '#/components/Button'
import { Dialog } from '#/components/Dialog'
import { Conflict, Mistake } from '#/components/States'
import type { Decisions } from './decisions'
import { noReason, ReasonFields } from './ReasonFields'

/** Rejecting always says why; by default the customer is asked for it again. */
export function RejectDialog({ point: opened, decisions, onClose }: { point: ActionPoint; decisions: Decisions; onClose: () => void }) {
  const [point, setPoint] = useState(opened)
  const [why, setWhy] = useState(noReason)
  const [askAgain, setAskAgain] = useState(true)
  const [missing, setMissing] = useState(false)
  return (
    <Dialog title={t`${point.title} afkeuren`} isOpen onClose={onClose}>
      <div className="dialog-body">
        {decisions.stale && (
          <Conflict error={decisions.problem} onReload={async () => setPoint((await decisions.reload(point)) ?? point)} />
        )}
        <ReasonFields
          id="reject-reason"
          value={why}
          onChange={(next) => {
            setWhy(next)
            setMissing(false)
          }}
          error={missing ? t`Zeg waarom, dan weet de klant wat er nodig is` : undefined}
        />
        <label className="check">
          <input type="checkbox" checked={askAgain} onChange={(event) => setAskAgain(event.target.checked)} />
          <span>{t`Vraag het meteen opnieuw`}</span>
          <span className="hint">{t`Het komt bij de klant weer bovenaan te staan, met je opmerking erbij.`}</span>
        </label>
        <Mistake error={decisions.error} />
      </div>
      <footer>
        <Button variant="quiet" onClick={onClose}>{t`Annuleer`}</Button>
        <Button
          variant="danger"
          icon="x"
          busy={decisions.busy}
          onClick={() => (why.reason.trim() ? decisions.reject(point, { ...why, reason: why.reason.trim(), askAgain }) : setMissing(true))}
        >
          {t`Afkeuren`}
        </Button>
      </footer>
    </Dialog>
  )
}
