import { t } from '@lingui/core/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getDossierOptions, listEmployeesOptions, updateDossierMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { Dossier } from '#/api/generated/types.gen'
import { ifMatch } from '#/api/http'
import { ApiProblem, isStale } from '#/api/problem'
import { Button } from '#/components/Button'
import { Dialog } from '#/components/Dialog'
import { SelectField, TextField } from '#/components/Field'
import { Conflict, Merged, Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'
import { useDraft } from '#/lib/draft'
import { fullName } from '#/lib/text'
import { optionsOf, phases, phaseWord, type Phase } from '#/lib/words'

export function EditDossierDialog({ dossier, onClose }: { dossier: Dossier; onClose: () => void }) {
  const queryClient = useQueryClient()
  const employees = useQuery(listEmployeesOptions()).data?.items ?? []
  const form = useDraft(dossier, (from = dossier) => ({
    name: from.name,
    subject: from.subject,
    phase: from.phase,
    adviserId: from.adviser.id,
    caseHandlerId: from.caseHandler?.id ?? '',
    dueOn: from.dueOn ?? '',
  }))
  const { draft, set } = form
  const save = useMutation({
    ...updateDossierMutation(),
    onSuccess: () => {
      toast(t`Opgeslagen`)
      void queryClient.invalidateQueries()
      onClose()
    },
  })
  const problem: unknown = save.error
  const fields = problem instanceof ApiProblem ? problem.fields : {}
  const people = employees
    .filter((employee) => !employee.blocked || employee.id === draft.adviserId)
    .map((employee) => ({ value: employee.id, label: fullName(employee) }))
  return (
    <Dialog title={t`Dossier wijzigen`} isOpen onClose={onClose} wide>
      <div className="dialog-body">
        {isStale(problem) && (
          <Conflict
            error={problem}
            onReload={async () => {
              form.load(await queryClient.fetchQuery({ ...getDossierOptions({ path: { dossierId: dossier.id } }), staleTime: 0 }))
              save.reset()
            }}
          />
        )}
        <Merged
          clashes={form.clashes}
          onYield={form.yield}
          names={{
            name: t`Naam van het dossier`,
            subject: t`Onderwerp`,
            phase: t`Fase`,
            dueOn: t`Deadline`,
            adviserId: t`Adviseur`,
            caseHandlerId: t`Dossierbehandelaar`,
          }}
        />
        <TextField
          label={t`Naam van het dossier`}
          maxLength={200}
          value={draft.name}
          error={draft.name.trim() ? fields['/name'] : t`Vul een naam in`}
          onChange={(event) => set({ name: event.target.value })}
        />
        <TextField
          label={t`Onderwerp`}
          optional
          maxLength={200}
          value={draft.subject}
          hint={t`Zo noemen mail en portaal het, bijvoorbeeld: de hypotheek voor de Kersenlaan.`}
          error={fields['/subject']}
          onChange={(event) => set({ subject: event.target.value })}
        />
        <div className="pair">
          <SelectField
            label={t`Fase`}
            value={draft.phase}
            options={optionsOf(phases, phaseWord)}
            onChange={(event) => set({ phase: event.target.value as Phase })}
          />
          <TextField
            label={t`Deadline`}
            type="date"
            optional
            value={draft.dueOn}
            error={fields['/dueOn']}
            onChange={(event) => set({ dueOn: event.target.value })}
          />
        </div>
        <div className="pair">
          <SelectField
            label={t`Adviseur`}
            value={draft.adviserId}
            options={people}
            onChange={(event) => set({ adviserId: event.target.value })}
          />
          <SelectField
            label={t`Dossierbehandelaar`}
            optional
            value={draft.caseHandlerId}
            options={[{ value: '', label: t`Geen` }, ...people]}
            onChange={(event) => set({ caseHandlerId: event.target.value })}
          />
        </div>
        {!isStale(problem) && Object.keys(fields).length === 0 && <Mistake error={problem} />}
      </div>
      <footer>
        <Button variant="quiet" onClick={onClose}>{t`Annuleer`}</Button>
        <Button
          variant="primary"
          busy={save.isPending}
          onClick={() =>
            draft.name.trim() &&
            save.mutate({
              path: { dossierId: dossier.id },
              headers: ifMatch(form.version),
              body: {
                name: draft.name.trim(),
                subject: draft.subject.trim(),
                phase: draft.phase,
                adviserId: draft.adviserId,
                caseHandlerId: draft.caseHandlerId || null,
                dueOn: draft.dueOn || null,
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
