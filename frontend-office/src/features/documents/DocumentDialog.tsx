import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { getDocumentOptions, updateDocumentMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { Document } from '#/api/generated/types.gen'
import { ifMatch } from '#/api/http'
import { ApiProblem, isStale } from '#/api/problem'
import { Button } from '#/components/Button'
import { Dialog } from '#/components/Dialog'
import { TextArea, TextField } from '#/components/Field'
import { Conflict, Merged, Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'
import { useDraft } from '#/lib/draft'

export function DocumentDialog({ document, onClose }: { document: Document; onClose: () => void }) {
  const queryClient = useQueryClient()
  const form = useDraft(document, (from = document) => ({ title: from.title, remark: from.remark }))
  const { title, remark } = form.draft
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
        {isStale(problem) && (
          <Conflict
            error={problem}
            onReload={async () => {
              form.load(await queryClient.fetchQuery({ ...getDocumentOptions({ path: { documentId: document.id } }), staleTime: 0 }))
              save.reset()
            }}
          />
        )}
        <Merged clashes={form.clashes} onYield={form.yield} names={{ title: t`Naam`, remark: t`Opmerking` }} />
        <TextField
          label={t`Naam`}
          maxLength={200}
          value={title}
          error={title.trim() ? fields['/title'] : t`Vul een naam in`}
          onChange={(event) => form.set({ title: event.target.value })}
        />
        <TextArea
          label={t`Opmerking`}
          optional
          rows={3}
          maxLength={2000}
          value={remark}
          hint={document.visible ? t`De klant leest dit bij het document.` : undefined}
          error={fields['/remark']}
          onChange={(event) => form.set({ remark: event.target.value })}
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
              headers: ifMatch(form.version),
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
