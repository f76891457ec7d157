import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { getPortalMemberOptions, splitPortalMemberMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { PortalMember } from '#/api/generated/types.gen'
import { ifMatch } from '#/api/http'
import { ApiProblem, isStale } from '#/api/problem'
import { Button } from '#/components/Button'
import { Dialog } from '#/components/Dialog'
import { Conflict, Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'
import { UsernameField } from '#/components/UsernameField'

/** A login that opens several dossiers: this one gets a login of its own. */
export function SplitDialog({ member, dossierId, onClose }: { member: PortalMember; dossierId: string; onClose: () => void }) {
  const queryClient = useQueryClient()
  const [username, setUsername] = useState('')
  const [checked, setChecked] = useState(false)
  const [version, setVersion] = useState(member.version)
  const split = useMutation({
    ...splitPortalMemberMutation(),
    onSuccess: (own) => {
      toast(own.state === 'invited' ? t`Eigen login gemaakt, uitnodiging verstuurd` : t`Eigen login gemaakt`, 'user-plus')
      void queryClient.invalidateQueries()
      onClose()
    },
  })
  const problem: unknown = split.error
  const fields = problem instanceof ApiProblem ? problem.fields : {}
  const wanted = username.trim()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setChecked(true)
    if (split.isPending || !wanted) return
    split.mutate({ path: { memberId: member.id }, headers: ifMatch(version), body: { dossierId, username: wanted } })
  }
  const others = member.dossierIds.length - 1
  const name = member.firstName
  const old = member.username
  return (
    <Dialog title={t`Dit dossier een eigen login geven`} isOpen onClose={onClose}>
      <form noValidate onSubmit={submit}>
        <div className="dialog-body">
          {isStale(problem) && (
            <Conflict
              error={problem}
              onReload={async () => {
                const newest = await queryClient.fetchQuery({ ...getPortalMemberOptions({ path: { memberId: member.id } }), staleTime: 0 })
                setVersion(newest.version)
                split.reset()
              }}
            />
          )}
          <p>
            <Trans>
              Nu opent {name} dit dossier met <b className="mono">{old}</b>, samen met{' '}
              {others === 1 ? t`één ander dossier` : t`${others} andere dossiers`}. Daarna:
            </Trans>
          </p>
          <ul className="bullets">
            <li>{t`Dit dossier gaat alleen nog open met de nieuwe gebruikersnaam, en een eigen wachtwoord.`}</li>
            <li>{t`Met ${old} blijven de andere dossiers open, met hetzelfde wachtwoord.`}</li>
            <li>{t`Rechten, gekozen documenten en wat ${name} hier al aanleverde gaan mee.`}</li>
            <li>{t`Er gaat een uitnodiging met een link, tenzij jullie die met de hand versturen.`}</li>
          </ul>
          <UsernameField
            label={t`Nieuwe gebruikersnaam`}
            value={username}
            email={member.email}
            error={fields['/username'] ?? (checked && !wanted ? t`Kies een gebruikersnaam` : undefined)}
            hint={t`Uniek binnen jullie kantoor.`}
            onChange={(next) => {
              setUsername(next)
              split.reset()
            }}
          />
          {!isStale(problem) && !fields['/username'] && <Mistake error={problem} />}
        </div>
        <footer>
          <Button variant="quiet" onClick={onClose}>{t`Annuleer`}</Button>
          <Button type="submit" variant="primary" icon="user-plus" busy={split.isPending}>
            {t`Maak eigen login`}
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}
