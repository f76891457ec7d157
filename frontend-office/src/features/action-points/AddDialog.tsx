import { plural, t } from '@lingui/core/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { createActionPointsMutation, listActionPointTemplatesOptions } from '#/api/generated/@tanstack/react-query.gen'
import type { Dossier } from '#/api/generated/types.gen'
import { Button } from '#/components/Button'
import { Dialog } from '#/components/Dialog'
import { SelectField, TextArea, TextField } from '#/components/Field'
import { Loading, Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'

/** Ask for several usual things at once, or for one of your own. */
export function AddDialog({ dossier, onClose }: { dossier: Dossier; onClose: () => void }) {
  const queryClient = useQueryClient()
  const [productId, setProductId] = useState(dossier.products[0]?.id ?? '')
  const [contactId, setContactId] = useState('')
  const [dueOn, setDueOn] = useState('')
  const [picked, setPicked] = useState<string[]>([])
  const [own, setOwn] = useState({ title: '', explanation: '' })
  const [missing, setMissing] = useState(false)
  const kind = dossier.products.find((product) => product.id === productId)?.kind
  const templates = useQuery(listActionPointTemplatesOptions(kind ? { query: { productKind: kind } } : {}))
  const usual = templates.data?.items ?? []
  const add = useMutation({
    ...createActionPointsMutation(),
    onSuccess: ({ items }) => {
      const count = items.length
      toast(count === 1 ? t`Actiepunt gevraagd` : t`${count} actiepunten gevraagd`)
      void queryClient.invalidateQueries()
      onClose()
    },
  })
  const count = picked.length + (own.title.trim() ? 1 : 0)

  function submit() {
    const shared = { ...(productId ? { productId } : {}), ...(contactId ? { forContactId: contactId } : {}), ...(dueOn ? { dueOn } : {}) }
    const items = usual
      .filter((template) => picked.includes(template.id))
      .map((template) => ({ title: template.title, explanation: template.explanation, ...shared }))
    if (own.title.trim()) items.push({ title: own.title.trim(), explanation: own.explanation.trim(), ...shared })
    setMissing(items.length === 0)
    if (items.length > 0) add.mutate({ path: { dossierId: dossier.id }, body: { items } })
  }

  return (
    <Dialog title={t`Actiepunt vragen`} isOpen onClose={onClose} wide>
      <div className="dialog-body">
        <div className="pair">
          <SelectField
            label={t`Product`}
            value={productId}
            onChange={(event) => setProductId(event.target.value)}
            options={[
              ...dossier.products.map((product) => ({ value: product.id, label: product.name })),
              { value: '', label: t`Hele dossier` },
            ]}
          />
          <SelectField
            label={t`Voor`}
            value={contactId}
            onChange={(event) => setContactId(event.target.value)}
            options={[
              { value: '', label: t`Samen` },
              ...dossier.applicants.map((person) => ({ value: person.contactId, label: `${person.firstName} ${person.lastName}` })),
            ]}
          />
        </div>
        <fieldset className="stack-s">
          <legend className="label">{t`Vaak gevraagd`}</legend>
          {templates.isPending ? (
            <Loading />
          ) : (
            <div className="picks">
              {usual.map((template) => (
                <label key={template.id} className="check">
                  <input
                    type="checkbox"
                    checked={picked.includes(template.id)}
                    onChange={(event) => {
                      setPicked(event.target.checked ? [...picked, template.id] : picked.filter((id) => id !== template.id))
                      setMissing(false)
                    }}
                  />
                  <b>{template.title}</b>
                  {template.explanation && <span className="hint">{template.explanation}</span>}
                </label>
              ))}
              {usual.length === 0 && (
                <p className="queue-empty">{t`Voor dit product is er nog geen lijst. Vraag hieronder iets van jezelf.`}</p>
              )}
            </div>
          )}
        </fieldset>
        <TextField
          label={t`Iets anders`}
          optional
          maxLength={120}
          value={own.title}
          error={missing ? t`Kies iets uit de lijst, of vul hier in wat je nodig hebt` : undefined}
          onChange={(event) => {
            setOwn({ ...own, title: event.target.value })
            setMissing(false)
          }}
        />
        {own.title.trim() && (
          <TextArea
            label={t`Uitleg voor de klant`}
            optional
            rows={2}
            maxLength={2000}
            value={own.explanation}
            onChange={(event) => setOwn({ ...own, explanation: event.target.value })}
          />
        )}
        <TextField label={t`Deadline`} type="date" optional value={dueOn} onChange={(event) => setDueOn(event.target.value)} />
        <Mistake error={add.error} />
      </div>
      <footer>
        <Button variant="quiet" onClick={onClose}>{t`Annuleer`}</Button>
        <Button variant="primary" icon="plus" busy={add.isPending} onClick={submit}>
          {count === 0 ? t`Vragen` : plural(count, { one: '# actiepunt vragen', other: '# actiepunten vragen' })}
        </Button>
      </footer>
    </Dialog>
  )
}
