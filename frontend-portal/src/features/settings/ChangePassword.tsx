import { t } from '@lingui/core/macro'
import { useMutation } from '@tanstack/react-query'
import { useRef, useState, type SyntheticEvent } from 'react'
import { changeMyPasswordMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { Me, Site } from '#/api/generated/types.gen'
import { ApiProblem } from '#/api/problem'
import { Button } from '#/components/Button'
import { PasswordField } from '#/components/Field'
import { Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'

export function ChangePassword({ site, me }: { site: Site; me: Me }) {
  const form = useRef<HTMLFormElement>(null)
  const [missing, setMissing] = useState<{ current?: string; next?: string }>({})
  const change = useMutation({
    ...changeMyPasswordMutation(),
    onSuccess: () => {
      form.current?.reset()
      toast(t`Wachtwoord gewijzigd`)
    },
  })
  const fields = change.error instanceof ApiProblem ? change.error.fields : {}
  const minimum = site.passwordMinLength

  function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const current = String(data.get('current') ?? '')
    const next = String(data.get('next') ?? '')
    const long = [...next].length >= minimum
    setMissing({
      ...(current ? {} : { current: t`Vul je huidige wachtwoord in` }),
      ...(long ? {} : { next: t`Je wachtwoord heeft minstens ${minimum} tekens nodig` }),
    })
    if (!current || !long) document.getElementById(current ? 'next' : 'current')?.focus()
    else change.mutate({ body: { currentPassword: current, newPassword: next } })
  }

  return (
    <form ref={form} className="card card-pad form form-card" noValidate onSubmit={submit}>
      <input
        className="sr"
        type="text"
        name="username"
        autoComplete="username"
        value={me.username}
        readOnly
        tabIndex={-1}
        aria-hidden="true"
      />
      <PasswordField
        id="current"
        name="current"
        label={t`Huidig wachtwoord`}
        autoComplete="current-password"
        maxLength={256}
        error={missing.current ?? fields['/currentPassword']}
      />
      <PasswordField
        id="next"
        name="next"
        label={t`Nieuw wachtwoord`}
        autoComplete="new-password"
        maxLength={256}
        hint={t`Minstens ${minimum} tekens. Een korte zin werkt goed.`}
        error={missing.next ?? fields['/newPassword']}
      />
      {change.isError && Object.keys(fields).length === 0 && <Mistake error={change.error} />}
      <Button type="submit" variant="primary" busy={change.isPending}>
        {t`Wachtwoord opslaan`}
      </Button>
    </form>
  )
}
