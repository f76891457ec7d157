import { t } from '@lingui/core/macro'
import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode, type SyntheticEvent } from 'react'
import { loginMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { LoginResult } from '#/api/generated/types.gen'
import { Button } from '#/components/Button'
import { TextField } from '#/components/Field'
import { Icon } from '#/components/Icon'
import { loginMistake } from '#/lib/loginMistakes'
import { PasskeyEntry } from './PasskeyEntry'

export function PasswordForm({
  forgot,
  onNext,
  onDone,
}: {
  forgot?: ReactNode
  onNext: (result: LoginResult) => void
  onDone: () => void
}) {
  const [missing, setMissing] = useState<{ email?: string; password?: string }>({})
  const [shown, setShown] = useState(false)
  const login = useMutation({ ...loginMutation(), onSuccess: onNext })

  function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const email = String(form.get('email') ?? '').trim()
    const password = String(form.get('password') ?? '')
    setMissing({
      ...(email ? {} : { email: t`Vul je e-mailadres in` }),
      ...(password ? {} : { password: t`Vul je wachtwoord in` }),
    })
    if (!email || !password) {
      document.getElementById(email ? 'password' : 'email')?.focus()
      return
    }
    login.mutate({ body: { email, password } })
  }

  return (
    <form noValidate onSubmit={submit}>
      {login.isError && (
        <div className="note note-stop" role="alert">
          <Icon name="warning-circle-fill" />
          <span>{loginMistake(login.error)}</span>
        </div>
      )}
      <TextField
        id="email"
        name="email"
        type="email"
        label={t`E-mailadres`}
        autoComplete="username webauthn"
        autoCapitalize="none"
        spellCheck={false}
        error={missing.email}
        onChange={() => setMissing((now) => (now.password ? { password: now.password } : {}))}
      />
      <div className="field">
        <label htmlFor="password">{t`Wachtwoord`}</label>
        <div className="input-wrap">
          <input
            id="password"
            name="password"
            className="input"
            type={shown ? 'text' : 'password'}
            autoComplete="current-password"
            aria-invalid={missing.password ? true : undefined}
            aria-describedby={missing.password ? 'password-note' : undefined}
            onChange={() => setMissing((now) => (now.email ? { email: now.email } : {}))}
          />
          <button type="button" className="btn btn-quiet" aria-pressed={shown} onClick={() => setShown(!shown)}>
            {shown ? t`Verberg` : t`Toon`}
          </button>
        </div>
        {missing.password && (
          <p className="error" id="password-note">
            <Icon name="warning-circle-fill" />
            {missing.password}
          </p>
        )}
      </div>
      <Button type="submit" variant="primary" block busy={login.isPending}>
        {t`Inloggen`}
      </Button>
      <PasskeyEntry onDone={onDone} />
      {forgot}
    </form>
  )
}
