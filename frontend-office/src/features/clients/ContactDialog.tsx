import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { createContactMutation, updateContactMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { Contact } from '#/api/generated/types.gen'
import { ifMatch } from '#/api/http'
import { ApiProblem, isStale } from '#/api/problem'
import { Button } from '#/components/Button'
import { Dialog } from '#/components/Dialog'
import { TextField } from '#/components/Field'
import { Conflict, Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'

export function ContactDialog({ clientId, contact, onClose }: { clientId: string; contact: Contact | undefined; onClose: () => void }) {
  const queryClient = useQueryClient()
  const [draft, setDraft] = useState({
    firstName: contact?.firstName ?? '',
    lastName: contact?.lastName ?? '',
    salutation: contact?.salutation ?? '',
    email: contact?.email ?? '',
    mobile: contact?.mobile ?? '',
  })
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
      setDraft({ ...draft, [name]: event.target.value })
      create.reset()
      update.reset()
    },
  })

  function submit() {
    setChecked(true)
    if (!draft.firstName.trim() || !draft.lastName.trim()) return
    const body = Object.fromEntries(Object.entries(draft).map(([key, value]) => [key, value.trim()])) as typeof draft
    if (contact) update.mutate({ path: { contactId: contact.id }, headers: ifMatch(contact.version), body })
    else create.mutate({ path: { clientId }, body })
  }

  return (
    <Dialog title={contact ? t`Contactpersoon wijzigen` : t`Contactpersoon toevoegen`} isOpen onClose={onClose}>
      <div className="dialog-body">
        {isStale(problem) && <Conflict onReload={done} />}
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
