import { t } from '@lingui/core/macro'
import { useMutation } from '@tanstack/react-query'
import { useState, type SyntheticEvent } from 'react'
import { redeemPasswordLinkMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { PasswordLink } from '#/api/generated/types.gen'
import { ApiProblem } from '#/api/problem'
import { Button } from '#/components/Button'
import { NewPassword } from '#/components/NewPassword'
import { Mistake } from '#/components/States'
import { moment } from '#/lib/dates'
import { Split } from './Split'

export function ChoosePassword({
  link,
  token,
  onSaved,
  onGone,
}: {
  link: PasswordLink
  token: string
  onSaved: () => void
  /** The link no longer opens: used in another tab, or replaced meanwhile. */
  onGone: () => void
}) {
  const [password, setPassword] = useState('')
  const [short, setShort] = useState(false)
  const save = useMutation({
    ...redeemPasswordLinkMutation(),
    onSuccess: onSaved,
    onError: (error) => {
      const problem: unknown = error
      if (problem instanceof ApiProblem && (problem.status === 409 || problem.status === 404)) onGone()
    },
  })
  const minimum = link.minLength
  const left = minimum - [...password].length
  const atField = save.error instanceof ApiProblem ? save.error.fields['/password'] : undefined
  const error = short ? t`Je wachtwoord heeft minstens ${minimum} tekens nodig` : atField

  function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault()
    setShort(left > 0)
    if (left > 0) document.getElementById('password')?.focus()
    else save.mutate({ body: { token, password } })
  }

  return (
    <Split title={t`Kies je wachtwoord`} lead={t`Dag ${link.firstName}, hiermee log je straks in bij ${link.office}.`}>
      <form noValidate onSubmit={submit}>
        <div className="field">
          <label htmlFor="username">{t`Je e-mailadres`}</label>
          {/* A password manager stores the new password under this name. */}
          <input id="username" className="input" type="text" name="username" autoComplete="username" value={link.email} readOnly />
        </div>
        <NewPassword
          value={password}
          minimum={minimum}
          own={[link.email, link.firstName, link.office]}
          error={error}
          onChange={(next) => {
            setPassword(next)
            setShort(false)
            if (save.isError) save.reset()
          }}
        />
        {save.isError && !atField && <Mistake error={save.error} />}
        <Button type="submit" variant="primary" block busy={save.isPending}>
          {t`Wachtwoord opslaan`}
        </Button>
        {link.expiresAt && <p className="hint">{t`Deze link werkt tot ${moment(link.expiresAt)}.`}</p>}
      </form>
    </Split>
  )
}
