import { t } from '@lingui/core/macro'
import { useState } from 'react'
import { Icon } from '#/components/Icon'
import { strengthOf } from '#/lib/strength'

/** A new password, with what it is worth in words while it is typed. */
export function NewPassword({
  value,
  minimum,
  own,
  error,
  onChange,
}: {
  value: string
  minimum: number
  /** What others try first: names and addresses of this person. */
  own: string[]
  error: string | undefined
  onChange: (next: string) => void
}) {
  const [shown, setShown] = useState(false)
  return (
    <div className="field">
      <label htmlFor="password">{t`Nieuw wachtwoord`}</label>
      <div className="input-wrap">
        <input
          id="password"
          name="password"
          className="input"
          type={shown ? 'text' : 'password'}
          autoComplete="new-password"
          maxLength={256}
          value={value}
          aria-invalid={error ? true : undefined}
          aria-describedby="password-note"
          onChange={(event) => onChange(event.target.value)}
        />
        <button type="button" className="btn btn-quiet" aria-pressed={shown} onClick={() => setShown(!shown)}>
          {shown ? t`Verberg` : t`Toon`}
        </button>
      </div>
      <div id="password-note">
        {error ? (
          <p className="error">
            <Icon name="warning-circle-fill" />
            {error}
          </p>
        ) : (
          <p className="hint" role="status">
            {worth(value, minimum, own)}
          </p>
        )}
      </div>
    </div>
  )
}

function worth(value: string, minimum: number, own: string[]): string {
  if (value === '') return t`Minstens ${minimum} tekens. Een korte zin werkt goed.`
  const strength = strengthOf(value, minimum, own)
  switch (strength) {
    case 'guessable':
      return t`Makkelijk te raden. Neem een zin die alleen jij bedenkt.`
    case 'enough':
      return t`Lang genoeg. Bij opslaan kijken we of het niet te makkelijk te raden is.`
    case 'strong':
      return t`Sterk.`
  }
  const { left } = strength
  return t`Nog ${left} tekens te gaan`
}
