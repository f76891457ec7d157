import { t } from '@lingui/core/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { addApplicantMutation, getClientOptions, listPortalMembersOptions } from '#/api/generated/@tanstack/react-query.gen'
import type { Dossier } from '#/api/generated/types.gen'
import { ApiProblem } from '#/api/problem'
import { Button } from '#/components/Button'
import { Dialog } from '#/components/Dialog'
import { SelectField, TextField } from '#/components/Field'
import { Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'
import { UsernameField } from '#/components/UsernameField'
import { fullName } from '#/lib/text'
import { suggestUsername } from '#/lib/username'
import { NameFields } from './NameFields'

const nobody = { firstName: '', lastName: '', salutation: '', email: '', mobile: '' }

/** One more applicant: a contact of the client, or somebody new. Nothing is mailed; inviting is a step of its own. */
export function AddApplicantDialog({ dossier, onClose }: { dossier: Dossier; onClose: () => void }) {
  const queryClient = useQueryClient()
  const client = useQuery(getClientOptions({ path: { clientId: dossier.client.id } }))
  const members = useQuery(listPortalMembersOptions({ query: { clientId: dossier.client.id, limit: 200 } }))
  const contacts = (client.data?.contacts ?? []).filter((contact) => !dossier.applicants.some((one) => one.contactId === contact.id))
  const [contactId, setContactId] = useState('')
  const [draft, setDraft] = useState(nobody)
  const [username, setUsername] = useState<string>()
  const [checked, setChecked] = useState(false)
  const contact = contacts.find((one) => one.id === contactId)
  const login = (members.data?.items ?? []).find((member) => member.contactId === contact?.id)
  const shownUsername = username ?? suggestUsername(contact ?? draft)
  const add = useMutation({
    ...addApplicantMutation(),
    onSuccess: () => {
      toast(t`${fullName(contact ?? draft)} toegevoegd`, 'user-plus')
      void queryClient.invalidateQueries()
      onClose()
    },
  })
  const problem: unknown = add.error
  const fields = problem instanceof ApiProblem ? problem.fields : {}
  const set = (change: Partial<typeof draft>) => {
    setDraft({ ...draft, ...change })
    add.reset()
  }
  const missing = (value: string, message: string) => (checked && !value.trim() ? message : undefined)

  function submit() {
    setChecked(true)
    if (contact) {
      if (login || shownUsername.trim())
        add.mutate({
          path: { dossierId: dossier.id },
          body: { contactId: contact.id, ...(login ? {} : { username: shownUsername.trim() }) },
        })
      return
    }
    if (!draft.firstName.trim() || !draft.lastName.trim() || !shownUsername.trim()) return
    const email = draft.email.trim()
    add.mutate({
      path: { dossierId: dossier.id },
      body: {
        firstName: draft.firstName.trim(),
        lastName: draft.lastName.trim(),
        salutation: draft.salutation.trim(),
        mobile: draft.mobile.trim(),
        ...(email ? { email } : {}),
        username: shownUsername.trim(),
      },
    })
  }

  return (
    <Dialog title={t`Aanvrager toevoegen`} isOpen onClose={onClose} wide>
      <div className="dialog-body">
        <SelectField
          label={t`Wie`}
          value={contactId}
          error={fields['/contactId']}
          onChange={(event) => {
            setContactId(event.target.value)
            setUsername(undefined)
            add.reset()
          }}
          options={[
            { value: '', label: t`Iemand die nog niet bekend is` },
            ...contacts.map((one) => ({ value: one.id, label: fullName(one) })),
          ]}
        />
        {!contact && (
          <>
            <NameFields value={draft} mistakes={fields} checked={checked} onChange={set} />
            <div className="pair">
              <TextField
                label={t`E-mailadres`}
                optional
                type="email"
                maxLength={254}
                value={draft.email}
                error={fields['/email']}
                hint={draft.email ? undefined : t`Zonder eigen adres gaat de uitnodiging naar de eerste aanvrager.`}
                onChange={(event) => set({ email: event.target.value })}
              />
              <TextField
                label={t`Mobiel`}
                optional
                type="tel"
                maxLength={32}
                value={draft.mobile}
                error={fields['/mobile']}
                onChange={(event) => set({ mobile: event.target.value })}
              />
            </div>
          </>
        )}
        {login ? (
          <p className="hint">{t`${login.firstName} logt al in als ${login.username} en ziet dit dossier er vanzelf bij.`}</p>
        ) : (
          <div className="pair">
            {!contact && (
              <TextField
                label={t`Aanhef`}
                optional
                maxLength={120}
                placeholder={t`mevrouw De Wit`}
                value={draft.salutation}
                error={fields['/salutation']}
                onChange={(event) => set({ salutation: event.target.value })}
              />
            )}
            <UsernameField
              value={shownUsername}
              email={contact?.email ?? draft.email}
              error={fields['/username'] ?? missing(shownUsername, t`Kies een gebruikersnaam`)}
              hint={t`Uniek binnen jullie kantoor.`}
              onChange={(next) => {
                setUsername(next)
                add.reset()
              }}
            />
          </div>
        )}
        {Object.keys(fields).length === 0 && <Mistake error={problem} />}
      </div>
      <footer>
        <Button variant="quiet" onClick={onClose}>{t`Annuleer`}</Button>
        <Button variant="primary" icon="user-plus" busy={add.isPending} onClick={submit}>
          {t`Aanvrager toevoegen`}
        </Button>
      </footer>
    </Dialog>
  )
}
