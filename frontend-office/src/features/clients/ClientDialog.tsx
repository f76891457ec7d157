import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { getClientOptions, updateClientMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { Client } from '#/api/generated/types.gen'
import { ifMatch } from '#/api/http'
import { ApiProblem, isStale } from '#/api/problem'
import { Button } from '#/components/Button'
import { Dialog } from '#/components/Dialog'
import { SelectField, TextField } from '#/components/Field'
import { Conflict, Merged, Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'
import { useDraft } from '#/lib/draft'
import { clientKindWord, optionsOf, type ClientKind } from '#/lib/words'

export function ClientDialog({ client, onClose }: { client: Client; onClose: () => void }) {
  const queryClient = useQueryClient()
  const form = useDraft(client, (from = client) => ({ name: from.name, kind: from.kind as ClientKind }))
  const { name, kind } = form.draft
  const done = () => {
    void queryClient.invalidateQueries()
    onClose()
  }
  const save = useMutation({
    ...updateClientMutation(),
    onSuccess: () => {
      toast(t`Opgeslagen`)
      done()
    },
  })
  const problem: unknown = save.error
  const fields = problem instanceof ApiProblem ? problem.fields : {}
  return (
    <Dialog title={t`Klant wijzigen`} isOpen onClose={onClose}>
      <div className="dialog-body">
        {isStale(problem) && (
          <Conflict
            error={problem}
            onReload={async () => {
              form.load(await queryClient.fetchQuery({ ...getClientOptions({ path: { clientId: client.id } }), staleTime: 0 }))
              save.reset()
            }}
          />
        )}
        <Merged clashes={form.clashes} onYield={form.yield} names={{ name: t`Naam`, kind: t`Soort` }} />
        <TextField
          label={t`Naam`}
          maxLength={200}
          value={name}
          error={name.trim() ? fields['/name'] : t`Vul een naam in`}
          onChange={(event) => form.set({ name: event.target.value })}
        />
        <SelectField
          label={t`Soort`}
          value={kind}
          options={optionsOf(['person', 'household', 'company'] as const, clientKindWord)}
          onChange={(event) => form.set({ kind: event.target.value as ClientKind })}
        />
        {!isStale(problem) && Object.keys(fields).length === 0 && <Mistake error={problem} />}
      </div>
      <footer>
        <Button variant="quiet" onClick={onClose}>{t`Annuleer`}</Button>
        <Button
          variant="primary"
          busy={save.isPending}
          onClick={() =>
            name.trim() && save.mutate({ path: { clientId: client.id }, headers: ifMatch(form.version), body: { name: name.trim(), kind } })
          }
        >
          {t`Opslaan`}
        </Button>
      </footer>
    </Dialog>
  )
}
