import { t } from '@lingui/core/macro'
import { useMutation } from '@tanstack/react-query'
import { useState, type SyntheticEvent } from 'react'
import { redeemPasswordLinkMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { PasswordLink, Site } from '#/api/generated/types.gen'
import { ApiProblem } from '#/api/problem'
import { aroundIcons } from '#/components/aroundIcons'
import { Button } from '#/components/Button'
import { PasswordField } from '#/components/Field'
import { Icon } from '#/components/Icon'
import { icons } from '#/components/icons'
import { PasswordRules } from '#/components/PasswordRules'
import { Mistake } from '#/components/States'
import { clock, longDay } from '#/lib/dates'
import { Split } from './Split'

Object.assign(icons, aroundIcons)

export function ChoosePassword({
  site,
  link,
  token,
  onSaved,
  onGone,
}: {
  site: Site
  link: PasswordLink
  token: string
  onSaved: (username: string) => void
  /** The link no longer opens: used in another tab, or replaced meanwhile. */
  onGone: () => void
}) {
  const [password, setPassword] = useState('')
  const [short, setShort] = useState(false)
  const save = useMutation({
    ...redeemPasswordLinkMutation(),
    onSuccess: () => onSaved(link.username),
    onError: (error) => {
      const problem: unknown = error
      if (problem instanceof ApiProblem && (problem.status === 409 || problem.status === 404)) onGone()
    },
  })
  const minimum = link.minLength
  const atField = save.error instanceof ApiProblem ? save.error.fields['/password'] : undefined
  const left = minimum - [...password].length

  function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault()
    setShort(left > 0)
    if (left > 0) document.getElementById('password')?.focus()
    else save.mutate({ body: { token, password } })
  }

  return (
    <Split
      site={site}
      title={t`Kies je wachtwoord`}
      lead={t`Dag ${link.firstName}, met deze gebruikersnaam en je nieuwe wachtwoord log je straks in.`}
      say={[t`Je sleutel ligt klaar.`, t`Kies een wachtwoord en de deur gaat open. Daarna zie je meteen wat er al voor je klaarstaat.`]}
    >
      <form className="form" noValidate onSubmit={submit}>
        <div className="who">
          <Icon name="user-circle" />
          <dl>
            <dt>{t`Je gebruikersnaam`}</dt>
            <dd>{link.username}</dd>
          </dl>
        </div>
        {/* A password manager stores the new password under this name. */}
        <input
          className="sr"
          type="text"
          name="username"
          autoComplete="username"
          value={link.username}
          readOnly
          tabIndex={-1}
          aria-hidden="true"
        />
        <PasswordField
          id="password"
          name="password"
          label={t`Nieuw wachtwoord`}
          autoComplete="new-password"
          maxLength={256}
          value={password}
          onChange={(event) => {
            setPassword(event.target.value)
            setShort(false)
            if (save.isError) save.reset()
          }}
          error={short ? t`Je wachtwoord heeft minstens ${minimum} tekens nodig` : atField}
          hint={t`Een korte zin werkt goed: makkelijk te onthouden, moeilijk te raden.`}
        />
        <PasswordRules password={password} minimum={minimum} own={[link.firstName, link.username, site.name]} />
        {save.isError && !atField && <Mistake error={save.error} />}
        <Button type="submit" variant="primary" block busy={save.isPending}>
          {t`Wachtwoord opslaan`}
        </Button>
        {link.expiresAt && (
          <p className="hint hint-icon">
            <Icon name="clock" small />
            {t`Deze link werkt tot ${longDay(link.expiresAt)}, ${clock(link.expiresAt)} uur`}
          </p>
        )}
      </form>
    </Split>
  )
}
