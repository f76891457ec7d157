import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { joinPortalMemberMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { PortalMember } from '#/api/generated/types.gen'
import { ifMatch } from '#/api/http'
import { isStale } from '#/api/problem'
import { ConfirmDialog } from '#/components/Dialog'
import { SelectField } from '#/components/Field'
import { Conflict, Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'

/** Two logins of one person become one: the other takes over what this one opens. */
export function JoinDialog({
  member,
  others,
  onJoined,
  onClose,
}: {
  member: PortalMember
  /** Logins of the same person that can take it over; never empty. */
  others: PortalMember[]
  onJoined: (into: PortalMember) => void
  onClose: () => void
}) {
  const queryClient = useQueryClient()
  const [chosen, setChosen] = useState(others[0]?.id ?? '')
  const join = useMutation({
    ...joinPortalMemberMutation(),
    onSuccess: (into) => {
      toast(t`Logins samengevoegd`)
      void queryClient.invalidateQueries()
      onJoined(into)
    },
  })
  const into = others.find((one) => one.id === chosen) ?? others[0]
  if (!into) return null
  const { firstName: name, username: old } = member
  const kept = into.username
  return (
    <ConfirmDialog
      title={t`Logins van ${name} samenvoegen?`}
      isOpen
      onClose={onClose}
      confirm={t`Voeg samen`}
      danger
      busy={join.isPending}
      onConfirm={() => join.mutate({ path: { memberId: member.id }, headers: ifMatch(member.version), body: { intoId: into.id } })}
    >
      {others.length > 1 && (
        <SelectField
          label={t`Welke login blijft`}
          options={others.map((one) => ({ value: one.id, label: one.username }))}
          value={into.id}
          onChange={(event) => setChosen(event.target.value)}
        />
      )}
      <p>
        <Trans>
          {name} logt daarna alleen nog in met <b className="mono">{kept}</b>, met het wachtwoord en de rechten die daarbij horen. Alles wat{' '}
          <b className="mono">{old}</b> opent, gaat daar ook mee open.
        </Trans>
      </p>
      <p>{t`De login ${old} wordt gearchiveerd, en wie ermee is ingelogd wordt meteen uitgelogd. Vertel het ${name}.`}</p>
      {isStale(join.error) ? (
        <Conflict
          error={join.error}
          onReload={async () => {
            await queryClient.invalidateQueries()
            join.reset()
          }}
        />
      ) : (
        <Mistake error={join.error} />
      )}
    </ConfirmDialog>
  )
}
