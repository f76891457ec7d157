import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { updateClientMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { Client } from '#/api/generated/types.gen'
import { ifMatch } from '#/api/http'
import { ApiProblem, isStale } from '#/api/problem'
import { Button } from '#/components/Button'
import { Dialog } from '#/components/Dialog'
import { SelectField, TextField } from '#/components/Field'
import { Conflict, Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'
import { clientKindWord, optionsOf, type ClientKind } from '#/lib/words'

export function ClientDialog({ client, onClose }: { client: Client; onClose: () => void }) {
  const queryClient = useQueryClient()
  // The version that was on screen when the form opened: live updates refresh the page behind it, never what is being judged.
  const [version] = useState(client.version)
  const [name, setName] = useState(client.name)
  const [kind, setKind] = useState<ClientKind>(client.kind)
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
        {isStale(problem) && <Conflict onReload={done} />}
        <TextField
          label={t`Naam`}
          maxLength={200}
          value={name}
          error={name.trim() ? fields['/name'] : t`Vul een naam in`}
          onChange={(event) => setName(event.target.value)}
        />
        <SelectField
          label={t`Soort`}
          value={kind}
          options={optionsOf(['person', 'household', 'company'] as const, clientKindWord)}
          onChange={(event) => setKind(event.target.value as ClientKind)}
        />
        {!isStale(problem) && Object.keys(fields).length === 0 && <Mistake error={problem} />}
      </div>
      <footer>
        <Button variant="quiet" onClick={onClose}>{t`Annuleer`}</Button>
        <Button
          variant="primary"
          busy={save.isPending}
          onClick={() =>
            name.trim() && save.mutate({ path: { clientId: client.id }, headers: ifMatch(version), body: { name: name.trim(), kind } })
          }
        >
          {t`Opslaan`}
        </Button>
      </footer>
    </Dialog>
  )
}
