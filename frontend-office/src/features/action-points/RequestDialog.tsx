import { t } from '@lingui/core/macro'
import { useState } from 'react'
import type { ActionPoint } from '#/api/generated/types.gen'
import { Button } from '#/components/Button'
import { Dialog } from '#/components/Dialog'
import { TextArea } from '#/components/Field'
import { Conflict, Mistake } from '#/components/States'
import type { Decisions } from './decisions'

export function RequestDialog({ point: opened, decisions, onClose }: { point: ActionPoint; decisions: Decisions; onClose: () => void }) {
  const [point, setPoint] = useState(opened)
  const [reason, setReason] = useState('')
  return (
    <Dialog title={t`${point.title} opnieuw vragen`} isOpen onClose={onClose}>
      <div className="dialog-body">
        {decisions.stale && (
          <Conflict error={decisions.problem} onReload={async () => setPoint((await decisions.reload(point)) ?? point)} />
        )}
        <TextArea
          label={t`Opmerking voor de klant`}
          optional
          rows={3}
          maxLength={2000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          placeholder={t`Zeg wat er mist en hoe het goed komt`}
        />
        <Mistake error={decisions.error} />
      </div>
      <footer>
        <Button variant="quiet" onClick={onClose}>{t`Annuleer`}</Button>
        <Button
          variant="primary"
          icon="arrow-counter-clockwise"
          busy={decisions.busy}
          onClick={() => decisions.request(point, reason.trim())}
        >
          {t`Vraag opnieuw`}
        </Button>
      </footer>
    </Dialog>
  )
}
