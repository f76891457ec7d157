import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { updateActionPointMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { ActionPoint, Dossier } from '#/api/generated/types.gen'
import { ifMatch } from '#/api/http'
import { ApiProblem, isStale } from '#/api/problem'
import { Button } from '#/components/Button'
import { Dialog } from '#/components/Dialog'
import { SelectField, TextArea, TextField } from '#/components/Field'
import { Conflict, Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'

export function EditDialog({ point, dossier, onClose }: { point: ActionPoint; dossier: Dossier; onClose: () => void }) {
  const queryClient = useQueryClient()
  const [draft, setDraft] = useState({
    title: point.title,
    explanation: point.explanation,
    dueOn: point.dueOn ?? '',
    productId: point.productId ?? '',
    contactId: point.forApplicant?.contactId ?? '',
  })
  const save = useMutation({
    ...updateActionPointMutation(),
    onSuccess: () => {
      toast(t`Opgeslagen`)
      void queryClient.invalidateQueries()
      onClose()
    },
  })
  const problem: unknown = save.error
  const fields = problem instanceof ApiProblem ? problem.fields : {}
  const set = (change: Partial<typeof draft>) => setDraft({ ...draft, ...change })
  return (
    <Dialog title={t`Actiepunt wijzigen`} isOpen onClose={onClose}>
      <div className="dialog-body">
        {isStale(problem) && (
          <Conflict
            onReload={() => {
              void queryClient.invalidateQueries()
              onClose()
            }}
          />
        )}
        <TextField
          label={t`Titel`}
          maxLength={120}
          value={draft.title}
          error={draft.title.trim() ? fields['/title'] : t`Vul een titel in`}
          onChange={(event) => set({ title: event.target.value })}
        />
        <TextArea
          label={t`Uitleg voor de klant`}
          optional
          rows={3}
          maxLength={2000}
          value={draft.explanation}
          error={fields['/explanation']}
          onChange={(event) => set({ explanation: event.target.value })}
        />
        <div className="pair">
          <SelectField
            label={t`Product`}
            value={draft.productId}
            onChange={(event) => set({ productId: event.target.value })}
            options={[
              ...dossier.products.map((product) => ({ value: product.id, label: product.name })),
              { value: '', label: t`Hele dossier` },
            ]}
          />
          <SelectField
            label={t`Voor`}
            value={draft.contactId}
            onChange={(event) => set({ contactId: event.target.value })}
            options={[
              { value: '', label: t`Samen` },
              ...dossier.applicants.map((person) => ({ value: person.contactId, label: `${person.firstName} ${person.lastName}` })),
            ]}
          />
        </div>
        <TextField
          label={t`Deadline`}
          type="date"
          optional
          value={draft.dueOn}
          error={fields['/dueOn']}
          onChange={(event) => set({ dueOn: event.target.value })}
        />
        {!isStale(problem) && Object.keys(fields).length === 0 && <Mistake error={problem} />}
      </div>
      <footer>
        <Button variant="quiet" onClick={onClose}>{t`Annuleer`}</Button>
        <Button
          variant="primary"
          busy={save.isPending}
          onClick={() =>
            draft.title.trim() &&
            save.mutate({
              path: { actionPointId: point.id },
              headers: ifMatch(point.version),
              body: {
                title: draft.title.trim(),
                explanation: draft.explanation.trim(),
                dueOn: draft.dueOn || null,
                productId: draft.productId || null,
                forContactId: draft.contactId || null,
              },
            })
          }
        >
          {t`Opslaan`}
        </Button>
      </footer>
    </Dialog>
  )
}
