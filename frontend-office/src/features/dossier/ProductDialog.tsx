import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { createProductMutation, getDossierOptions, updateProductMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { Product } from '#/api/generated/types.gen'
import { ifMatch } from '#/api/http'
import { ApiProblem, isStale } from '#/api/problem'
import { Button, IconButton } from '#/components/Button'
import { Dialog } from '#/components/Dialog'
import { SelectField, TextArea, TextField } from '#/components/Field'
import { Conflict, Merged, Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'
import { useDraft } from '#/lib/draft'
import { optionsOf, productKinds, productWord, type ProductKind } from '#/lib/words'

const statuses = ['preparing', 'requested', 'offered', 'accepted', 'final'] as const

function statusWord(status: (typeof statuses)[number]): string {
  switch (status) {
    case 'preparing':
      return t`In voorbereiding`
    case 'requested':
      return t`Aangevraagd`
    case 'offered':
      return t`Offerte ontvangen`
    case 'accepted':
      return t`Geaccepteerd`
    case 'final':
      return t`Definitief`
  }
}

/** What the customer sees at the top of a product's tab: name, state, explanation, figures. */
export function ProductDialog({ dossierId, product, onClose }: { dossierId: string; product: Product | undefined; onClose: () => void }) {
  const queryClient = useQueryClient()
  const form = useDraft(product, (from) => ({
    kind: from?.kind ?? ('mortgage' as ProductKind),
    name: from?.name ?? productWord('mortgage'),
    status: from?.status ?? ('preparing' as (typeof statuses)[number]),
    information: from?.information ?? '',
    facts: from?.facts ?? [],
  }))
  const { kind, name, status, information, facts } = form.draft
  const setFacts = (next: typeof facts) => form.set({ facts: next })
  const done = {
    onSuccess: () => {
      toast(product ? t`Opgeslagen` : t`Product toegevoegd`)
      void queryClient.invalidateQueries()
      onClose()
    },
  }
  const create = useMutation({ ...createProductMutation(), ...done })
  const update = useMutation({ ...updateProductMutation(), ...done })
  const problem: unknown = create.error ?? update.error
  const fields = problem instanceof ApiProblem ? problem.fields : {}
  const isEmpty = !name.trim()

  function submit() {
    if (isEmpty) return
    const shared = {
      kind,
      name: name.trim(),
      information: information.trim(),
      facts: facts.filter((fact) => fact.label.trim() && fact.value.trim()),
    }
    if (product) update.mutate({ path: { productId: product.id }, headers: ifMatch(form.version), body: { ...shared, status } })
    else create.mutate({ path: { dossierId }, body: shared })
  }

  return (
    <Dialog title={product ? t`${product.name} wijzigen` : t`Product toevoegen`} isOpen onClose={onClose} wide>
      <div className="dialog-body">
        {isStale(problem) && (
          <Conflict
            error={problem}
            onReload={async () => {
              const dossier = await queryClient.fetchQuery({ ...getDossierOptions({ path: { dossierId } }), staleTime: 0 })
              const newest = dossier.products.find((one) => one.id === product?.id)
              if (newest) form.load(newest)
              update.reset()
            }}
          />
        )}
        <Merged
          clashes={form.clashes}
          onYield={form.yield}
          names={{
            kind: t`Soort`,
            name: t`Naam`,
            status: t`Status`,
            information: t`Uitleg voor de klant`,
            facts: t`Kerngegevens`,
          }}
        />
        <div className="pair">
          <SelectField
            label={t`Soort`}
            value={kind}
            options={optionsOf(productKinds, productWord)}
            onChange={(event) => {
              const next = event.target.value as ProductKind
              form.set({ kind: next, ...(name === productWord(kind) ? { name: productWord(next) } : {}) })
            }}
          />
          <TextField
            label={t`Naam`}
            maxLength={80}
            value={name}
            error={isEmpty ? t`Geef het product een naam` : fields['/name']}
            onChange={(event) => form.set({ name: event.target.value })}
          />
        </div>
        {product && (
          <SelectField
            label={t`Status`}
            value={status}
            options={optionsOf(statuses, statusWord)}
            onChange={(event) => form.set({ status: event.target.value as typeof status })}
          />
        )}
        <TextArea
          label={t`Uitleg voor de klant`}
          optional
          rows={3}
          maxLength={2000}
          value={information}
          error={fields['/information']}
          onChange={(event) => form.set({ information: event.target.value })}
        />
        <fieldset className="stack-s">
          <legend className="label">{t`Kerngegevens`}</legend>
          {facts.map((fact, index) => (
            <div key={index} className="product-line">
              <TextField
                label={t`Wat`}
                maxLength={60}
                placeholder={t`Koopsom`}
                value={fact.label}
                error={fields[`/facts/${index}/label`]}
                onChange={(event) => setFacts(facts.map((one, at) => (at === index ? { ...one, label: event.target.value } : one)))}
              />
              <TextField
                label={t`Waarde`}
                maxLength={120}
                placeholder="€ 412.500"
                value={fact.value}
                error={fields[`/facts/${index}/value`]}
                onChange={(event) => setFacts(facts.map((one, at) => (at === index ? { ...one, value: event.target.value } : one)))}
              />
              <IconButton
                icon="trash"
                label={t`Verwijder kerngegeven ${index + 1}`}
                onClick={() => setFacts(facts.filter((_, at) => at !== index))}
              />
            </div>
          ))}
          {facts.length < 20 && (
            <div>
              <Button small icon="plus" onClick={() => setFacts([...facts, { label: '', value: '' }])}>
                {t`Kerngegeven`}
              </Button>
            </div>
          )}
        </fieldset>
        {!isStale(problem) && Object.keys(fields).length === 0 && <Mistake error={problem} />}
      </div>
      <footer>
        <Button variant="quiet" onClick={onClose}>{t`Annuleer`}</Button>
        <Button variant="primary" busy={create.isPending || update.isPending} onClick={submit}>
          {product ? t`Opslaan` : t`Toevoegen`}
        </Button>
      </footer>
    </Dialog>
  )
}
