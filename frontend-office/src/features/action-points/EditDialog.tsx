import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { getActionPointOptions, updateActionPointMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { ActionPoint, Dossier } from '#/api/generated/types.gen'
import { ifMatch } from '#/api/http'
import { ApiProblem, isStale } from '#/api/problem'
import { Button } from '#/components/Button'
import { Dialog } from '#/components/Dialog'
import { SelectField, TextArea, TextField } from '#/components/Field'
import { Conflict, Merged, Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'
import { useDraft } from '#/lib/draft'
import { fullName } from '#/lib/text'

export function EditDialog({ point, dossier, onClose }: { point: ActionPoint; dossier: Dossier; onClose: () => void }) {
  const queryClient = useQueryClient()
  const form = useDraft(point, (from = point) => ({
    title: from.title,
    explanation: from.explanation,
    dueOn: from.dueOn ?? '',
    productId: from.productId ?? '',
    contactId: from.forApplicant?.contactId ?? '',
  }))
  const { draft, set } = form
  const save = useMutation({
    ...updateActionPointMutation(),
    onSuccess: () => {
      toast(t`Opgeslagen`)
      void queryClient.invalidateQueries()
      onClose()
    },
  })
  const people = dossier.applicants.map((person) => ({ value: person.contactId, label: fullName(person) }))
  // Who applies no longer may stay the one it was asked of.
  const asked = point.forApplicant
  if (asked && !people.some((person) => person.value === asked.contactId)) people.push({ value: asked.contactId, label: fullName(asked) })
  const problem: unknown = save.error
  const fields = problem instanceof ApiProblem ? problem.fields : {}
  return (
    <Dialog title={t`Actiepunt wijzigen`} isOpen onClose={onClose}>
      <div className="dialog-body">
        {isStale(problem) && (
          <Conflict
            error={problem}
            onReload={async () => {
              form.load(await queryClient.fetchQuery({ ...getActionPointOptions({ path: { actionPointId: point.id } }), staleTime: 0 }))
              save.reset()
            }}
          />
        )}
        <Merged
          clashes={form.clashes}
          onYield={form.yield}
          names={{
            title: t`Titel`,
            explanation: t`Uitleg voor de klant`,
            dueOn: t`Deadline`,
            productId: t`Product`,
            contactId: t`Voor`,
          }}
        />
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
            options={[{ value: '', label: t`Samen` }, ...people]}
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
              headers: ifMatch(form.version),
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
