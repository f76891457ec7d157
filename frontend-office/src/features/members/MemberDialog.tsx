import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { getPortalMemberOptions, updatePortalMemberMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { PortalMember } from '#/api/generated/types.gen'
import { ifMatch } from '#/api/http'
import { ApiProblem, isStale } from '#/api/problem'
import { Button } from '#/components/Button'
import { Dialog } from '#/components/Dialog'
import { TextField } from '#/components/Field'
import { Conflict, Merged, Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'
import { UsernameField } from '#/components/UsernameField'
import { useDraft } from '#/lib/draft'
import { fullName } from '#/lib/text'
import { NameFields } from './NameFields'
import { NotificationFields, RightsFields } from './RightsFields'

const formOf = (member: PortalMember) => ({
  firstName: member.firstName,
  lastName: member.lastName,
  email: member.email,
  function: member.function,
  username: member.username,
  preset: member.preset,
  permissions: member.permissions.filter((one) => one !== 'portal.me'),
  notifications: member.notifications,
})

/** One member: who it is, the way in, what it may see and do, and what is mailed (E1, E3, E10). */
export function MemberDialog({
  member,
  onClose,
  onRenamed,
}: {
  member: PortalMember
  onClose: () => void
  onRenamed: (saved: PortalMember) => void
}) {
  const queryClient = useQueryClient()
  const form = useDraft(member, (from) => formOf(from ?? member))
  const { draft } = form
  const [checked, setChecked] = useState(false)
  const save = useMutation({
    ...updatePortalMemberMutation(),
    onSuccess: async (saved) => {
      toast(t`Opgeslagen. Het geldt meteen.`)
      const renamed = saved.username !== member.username
      await queryClient.invalidateQueries()
      onClose()
      if (renamed) onRenamed(saved)
    },
  })
  const problem: unknown = save.error
  const fields = problem instanceof ApiProblem ? problem.fields : {}
  const missing = (value: string, message: string) => (checked && !value.trim() ? message : undefined)
  const set = (change: Partial<typeof draft>) => {
    form.set(change)
    save.reset()
  }

  function submit() {
    setChecked(true)
    if (!draft.firstName.trim() || !draft.lastName.trim() || !draft.username.trim()) return
    const was = formOf(member)
    const changed = (key: 'firstName' | 'lastName' | 'email' | 'function' | 'username') =>
      draft[key].trim() === was[key] ? {} : { [key]: draft[key].trim() }
    const { preset, permissions, notifications } = draft
    save.mutate({
      path: { memberId: member.id },
      headers: ifMatch(form.version),
      body: {
        ...changed('firstName'),
        ...changed('lastName'),
        ...changed('email'),
        ...changed('function'),
        ...changed('username'),
        preset,
        permissions,
        notifications,
      },
    })
  }

  return (
    <Dialog title={t`Portaallid ${fullName(member)}`} isOpen onClose={onClose} wide>
      <div className="dialog-body">
        {isStale(problem) && (
          <Conflict
            error={problem}
            onReload={async () => {
              form.load(await queryClient.fetchQuery({ ...getPortalMemberOptions({ path: { memberId: member.id } }), staleTime: 0 }))
              save.reset()
            }}
          />
        )}
        <Merged
          clashes={form.clashes}
          onYield={form.yield}
          names={{
            firstName: t`Voornaam`,
            lastName: t`Achternaam`,
            email: t`E-mailadres`,
            function: t`Functie`,
            username: t`Gebruikersnaam`,
            preset: t`Profiel`,
            permissions: t`Mag zien en doen`,
            notifications: t`E-mail bij`,
          }}
        />
        <NameFields value={draft} mistakes={fields} checked={checked} onChange={set} />
        <div className="pair">
          <TextField
            label={t`E-mailadres`}
            optional
            type="email"
            maxLength={254}
            value={draft.email}
            error={fields['/email']}
            onChange={(event) => set({ email: event.target.value })}
          />
          <TextField
            label={t`Functie`}
            optional
            maxLength={80}
            value={draft.function}
            error={fields['/function']}
            onChange={(event) => set({ function: event.target.value })}
          />
        </div>
        <UsernameField
          value={draft.username}
          email={draft.email}
          memberId={member.id}
          error={fields['/username'] ?? missing(draft.username, t`Kies een gebruikersnaam`)}
          hint={t`Uniek binnen jullie kantoor. Een andere naam logt ${member.firstName} uit.`}
          onChange={(username) => set({ username })}
        />
        <RightsFields value={draft} onChange={set} />
        <NotificationFields value={draft.notifications} onChange={(notifications) => set({ notifications })} />
        {!isStale(problem) && Object.keys(fields).length === 0 && <Mistake error={problem} />}
      </div>
      <footer>
        <Button variant="quiet" onClick={onClose}>{t`Annuleer`}</Button>
        <Button variant="primary" busy={save.isPending} onClick={submit}>
          {t`Opslaan`}
        </Button>
      </footer>
    </Dialog>
  )
}
