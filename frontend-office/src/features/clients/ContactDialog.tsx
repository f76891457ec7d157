import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { createContactMutation, getClientOptions, updateContactMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { Contact } from '#/api/generated/types.gen'
import { ifMatch } from '#/api/http'
import { ApiProblem, isStale } from '#/api/problem'
import { Button } from '#/components/Button'
import { Dialog } from '#/components/Dialog'
import { TextField } from '#/components/Field'
import { Conflict, Merged, Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'
import { useDraft } from '#/lib/draft'

export function ContactDialog({ clientId, contact, onClose }: { clientId: string; contact: Contact | undefined; onClose: () => void }) {
  const queryClient = useQueryClient()
  const form = useDraft(contact, (from) => ({
    firstName: from?.firstName ?? '',
    lastName: from?.lastName ?? '',
    salutation: from?.salutation ?? '',
    email: from?.email ?? '',
    mobile: from?.mobile ?? '',
  }))
  const { draft } = form
  const [checked, setChecked] = useState(false)
  const done = () => {
    void queryClient.invalidateQueries()
    onClose()
  }
  const after = {
    onSuccess: () => {
      toast(contact ? t`Opgeslagen` : t`Contactpersoon toegevoegd`)
      done()
    },
  }
  const create = useMutation({ ...createContactMutation(), ...after })
  const update = useMutation({ ...updateContactMutation(), ...after })
  const problem: unknown = create.error ?? update.error
  const fields = problem instanceof ApiProblem ? problem.fields : {}
  const field = (name: keyof typeof draft, required?: string) => ({
    value: draft[name],
    error: fields[`/${name}`] ?? (checked && required && !draft[name].trim() ? required : undefined),
    onChange: (event: { target: { value: string } }) => {
      form.set({ [name]: event.target.value })
      create.reset()
      update.reset()
    },
  })

  function submit() {
    setChecked(true)
    if (!draft.firstName.trim() || !draft.lastName.trim()) return
    const body = Object.fromEntries(Object.entries(draft).map(([key, value]) => [key, value.trim()])) as typeof draft
    if (contact) update.mutate({ path: { contactId: contact.id }, headers: ifMatch(form.version), body })
    else create.mutate({ path: { clientId }, body })
  }

  return (
    <Dialog title={contact ? t`Contactpersoon wijzigen` : t`Contactpersoon toevoegen`} isOpen onClose={onClose}>
      <div className="dialog-body">
        {isStale(problem) && (
          <Conflict
            error={problem}
            onReload={async () => {
              const client = await queryClient.fetchQuery({ ...getClientOptions({ path: { clientId } }), staleTime: 0 })
              const newest = client.contacts.find((one) => one.id === contact?.id)
              if (newest) form.load(newest)
              update.reset()
            }}
          />
        )}
        <Merged
          clashes={form.clashes}
          onYield={form.yield}
          names={{
            firstName: t`Voornaam`,
            lastName: t`Achternaam`,
            salutation: t`Aanhef`,
            email: t`E-mailadres`,
            mobile: t`Mobiel`,
          }}
        />
        <div className="pair">
          <TextField label={t`Voornaam`} maxLength={80} {...field('firstName', t`Vul de voornaam in`)} />
          <TextField label={t`Achternaam`} maxLength={120} {...field('lastName', t`Vul de achternaam in`)} />
        </div>
        <TextField label={t`Aanhef`} optional maxLength={120} placeholder={t`mevrouw De Wit`} {...field('salutation')} />
        <div className="pair">
          <TextField label={t`E-mailadres`} optional type="email" maxLength={254} {...field('email')} />
          <TextField label={t`Mobiel`} optional type="tel" maxLength={32} {...field('mobile')} />
        </div>
        {!isStale(problem) && Object.keys(fields).length === 0 && <Mistake error={problem} />}
      </div>
      <footer>
        <Button variant="quiet" onClick={onClose}>{t`Annuleer`}</Button>
        <Button variant="primary" busy={create.isPending || update.isPending} onClick={submit}>
          {contact ? t`Opslaan` : t`Toevoegen`}
        </Button>
      </footer>
    </Dialog>
  )
}
