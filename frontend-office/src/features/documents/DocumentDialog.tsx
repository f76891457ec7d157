import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { updateDocumentMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { Document } from '#/api/generated/types.gen'
import { ifMatch } from '#/api/http'
import { ApiProblem, isStale } from '#/api/problem'
import { Button } from '#/components/Button'
import { Dialog } from '#/components/Dialog'
import { TextArea, TextField } from '#/components/Field'
import { Conflict, Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'

export function DocumentDialog({ document, onClose }: { document: Document; onClose: () => void }) {
  const queryClient = useQueryClient()
  const [title, setTitle] = useState(document.title)
  const [remark, setRemark] = useState(document.remark)
  const done = () => {
    void queryClient.invalidateQueries()
    onClose()
  }
  const save = useMutation({
    ...updateDocumentMutation(),
    onSuccess: () => {
      toast(t`Opgeslagen`)
      done()
    },
  })
  const problem: unknown = save.error
  const fields = problem instanceof ApiProblem ? problem.fields : {}
  return (
    <Dialog title={t`Document wijzigen`} isOpen onClose={onClose}>
      <div className="dialog-body">
        {isStale(problem) && <Conflict onReload={done} />}
        <TextField
          label={t`Naam`}
          maxLength={200}
          value={title}
          error={title.trim() ? fields['/title'] : t`Vul een naam in`}
          onChange={(event) => setTitle(event.target.value)}
        />
        <TextArea
          label={t`Opmerking`}
          optional
          rows={3}
          maxLength={2000}
          value={remark}
          hint={document.visible ? t`De klant leest dit bij het document.` : undefined}
          error={fields['/remark']}
          onChange={(event) => setRemark(event.target.value)}
        />
        {!isStale(problem) && Object.keys(fields).length === 0 && <Mistake error={problem} />}
      </div>
      <footer>
        <Button variant="quiet" onClick={onClose}>{t`Annuleer`}</Button>
        <Button
          variant="primary"
          busy={save.isPending}
          onClick={() =>
            title.trim() &&
            save.mutate({
              path: { documentId: document.id },
              headers: ifMatch(document.version),
              body: { title: title.trim(), remark: remark.trim() },
            })
          }
        >
          {t`Opslaan`}
        </Button>
      </footer>
    </Dialog>
  )
}
