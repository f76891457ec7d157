import { t } from '@lingui/core/macro'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState, type SyntheticEvent } from 'react'
import { requestPasswordResetMutation } from '#/api/generated/@tanstack/react-query.gen'
import { Button } from '#/components/Button'
import { TextField } from '#/components/Field'
import { Icon } from '#/components/Icon'
import { useTitle } from '#/lib/hooks'
import { loginMistake } from '#/lib/loginMistakes'
import { Split } from './Split'

/** Asks for a new link. The answer is the same for an address that exists and one that does not. */
export function ForgotPage() {
  const [missing, setMissing] = useState(false)
  const request = useMutation(requestPasswordResetMutation())
  useTitle(t`Wachtwoord vergeten`)

  function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault()
    const email = String(new FormData(event.currentTarget).get('email') ?? '').trim()
    setMissing(!email)
    if (email) request.mutate({ body: { email } })
    else document.getElementById('email')?.focus()
  }

  if (request.isSuccess) {
    return (
      <Split title={t`Kijk in je mail`}>
        <div className="note note-ok" role="status">
          <Icon name="envelope-simple" />
          <span>{t`Kennen we dit adres, dan is de mail met een link nu onderweg. De link werkt 48 uur.`}</span>
        </div>
        <p className="hint">{t`Niets gekregen? Kijk bij ongewenste mail, of vraag een beheerder van je kantoor om een nieuwe link.`}</p>
        <BackToLogin />
      </Split>
    )
  }
  return (
    <Split
      title={t`Wachtwoord vergeten`}
      lead={t`We mailen je een link om een nieuw wachtwoord te kiezen. De code uit je app blijft nodig.`}
    >
      <form noValidate onSubmit={submit}>
        {request.isError && (
          <p className="error" role="alert">
            <Icon name="warning-circle-fill" />
            {loginMistake(request.error)}
          </p>
        )}
        <TextField
          id="email"
          name="email"
          type="email"
          label={t`E-mailadres`}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={254}
          error={missing ? t`Vul je e-mailadres in` : undefined}
          onChange={() => setMissing(false)}
        />
        <Button type="submit" variant="primary" block busy={request.isPending}>
          {t`Stuur me een link`}
        </Button>
        <BackToLogin />
      </form>
    </Split>
  )
}

export function BackToLogin() {
  return (
    <Link className="btn btn-quiet btn-block" to="/login">
      <Icon name="caret-left" />
      {t`Terug naar inloggen`}
    </Link>
  )
}
