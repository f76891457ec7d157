import { t } from '@lingui/core/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { createPortalMemberMutation, getOrganisationOptions, getPortalRightsOptions } from '#/api/generated/@tanstack/react-query.gen'
import type { Contact } from '#/api/generated/types.gen'
import { ApiProblem } from '#/api/problem'
import { Button } from '#/components/Button'
import { Dialog } from '#/components/Dialog'
import { SelectField, TextField } from '#/components/Field'
import { Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'
import { UsernameField } from '#/components/UsernameField'
import { fullName } from '#/lib/text'
import { notifications as everyMail } from '#/lib/rights'
import { suggestUsername } from '#/lib/username'
import { NameFields } from './NameFields'
import { NotificationFields, RightsFields, type RightsDraft } from './RightsFields'

/** Someone else who may look along: a partner, a notary, an accountant. The invitation goes out at once, unless the office sends it by hand. */
export function AddMemberDialog({
  clientId,
  contacts,
  dossiers,
  onClose,
}: {
  clientId: string
  contacts: Contact[]
  dossiers: { id: string; name: string; reference: string }[]
  onClose: () => void
}) {
  const queryClient = useQueryClient()
  const [contactId, setContactId] = useState('')
  const [draft, setDraft] = useState({ firstName: '', lastName: '', email: '', function: '' })
  const [username, setUsername] = useState<string>()
  const [access, setAccess] = useState(dossiers.map((dossier) => dossier.id))
  const contact = contacts.find((one) => one.id === contactId)
  const person = contact ?? draft
  const shownUsername = username ?? suggestUsername(person)
  const [checked, setChecked] = useState(false)
  const catalogue = useQuery({ ...getPortalRightsOptions(), staleTime: 600_000 })
  const invites = useQuery(getOrganisationOptions()).data?.inviteMembers ?? true
  const [own, setOwn] = useState<Partial<RightsDraft>>({})
  const rights: RightsDraft = {
    preset: 'read_only',
    permissions: catalogue.data?.presets.find((one) => one.preset === 'read_only')?.permissions ?? [],
    notifications: [...everyMail],
    ...own,
  }
  const create = useMutation({
    ...createPortalMemberMutation(),
    onSuccess: (member) => {
      toast(member.invitation ? t`${fullName(member)} is uitgenodigd` : t`${fullName(member)} is toegevoegd`, 'paper-plane-tilt')
      void queryClient.invalidateQueries()
      onClose()
    },
  })
  const problem: unknown = create.error
  const fields = problem instanceof ApiProblem ? problem.fields : {}
  const set = (change: Partial<typeof draft>) => {
    setDraft({ ...draft, ...change })
    create.reset()
  }
  const missing = (value: string, message: string) => (checked && !value.trim() ? message : undefined)
  const complete = person.firstName.trim() && person.lastName.trim() && person.email.trim() && shownUsername.trim()

  function submit() {
    setChecked(true)
    if (!complete || !catalogue.data) return
    create.mutate({
      body: {
        clientId,
        ...(contact
          ? { contactId: contact.id }
          : { firstName: draft.firstName.trim(), lastName: draft.lastName.trim(), email: draft.email.trim() }),
        function: draft.function.trim(),
        username: shownUsername.trim(),
        dossierIds: access,
        ...rights,
      },
    })
  }

  return (
    <Dialog title={t`Lid toevoegen`} isOpen onClose={onClose} wide>
      <div className="dialog-body">
        <SelectField
          label={t`Wie`}
          value={contactId}
          onChange={(event) => {
            setContactId(event.target.value)
            setUsername(undefined)
          }}
          options={[
            { value: '', label: t`Iemand die nog niet bekend is` },
            ...contacts.map((one) => ({ value: one.id, label: fullName(one) })),
          ]}
        />
        {!contact && (
          <>
            <NameFields value={draft} mistakes={fields} checked={checked} onChange={set} />
            <TextField
              label={t`E-mailadres`}
              type="email"
              maxLength={254}
              value={draft.email}
              error={fields['/email'] ?? missing(draft.email, t`Vul het e-mailadres in, daar gaat de uitnodiging heen`)}
              onChange={(event) => set({ email: event.target.value })}
            />
          </>
        )}
        <div className="pair">
          <TextField
            label={t`Functie`}
            optional
            maxLength={80}
            value={draft.function}
            error={fields['/function']}
            onChange={(event) => set({ function: event.target.value })}
          />
          <UsernameField
            value={shownUsername}
            email={person.email}
            error={fields['/username'] ?? missing(shownUsername, t`Kies een gebruikersnaam`)}
            hint={t`Uniek binnen jullie kantoor.`}
            onChange={(next) => {
              setUsername(next)
              create.reset()
            }}
          />
        </div>
        {dossiers.length > 1 && (
          <fieldset>
            <legend className="label">{t`Mag zien`}</legend>
            <div className="picks">
              {dossiers.map((dossier) => (
                <label key={dossier.id} className="check">
                  <input
                    type="checkbox"
                    checked={access.includes(dossier.id)}
                    onChange={(event) =>
                      setAccess(event.target.checked ? [...access, dossier.id] : access.filter((id) => id !== dossier.id))
                    }
                  />
                  <b>{dossier.name}</b>
                  <span className="hint mono">{dossier.reference}</span>
                </label>
              ))}
            </div>
          </fieldset>
        )}
        <RightsFields value={rights} onChange={(change) => setOwn({ ...own, ...change })} />
        <NotificationFields value={rights.notifications} onChange={(notifications) => setOwn({ ...own, notifications })} />
        {!invites && <p className="hint">{t`Er gaat nog geen mail uit: jullie sturen de uitnodiging zelf, vanaf de kaart van het lid.`}</p>}
        {Object.keys(fields).length === 0 && <Mistake error={problem} />}
      </div>
      <footer>
        <Button variant="quiet" onClick={onClose}>{t`Annuleer`}</Button>
        <Button variant="primary" icon={invites ? 'paper-plane-tilt' : 'user-plus'} busy={create.isPending} onClick={submit}>
          {invites ? t`Opslaan en uitnodigen` : t`Opslaan`}
        </Button>
      </footer>
    </Dialog>
  )
}
