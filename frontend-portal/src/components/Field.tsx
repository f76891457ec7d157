import { t } from '@lingui/core/macro'
import { useState, type InputHTMLAttributes, type ReactNode } from 'react'
import { Icon } from './Icon'

type Props = Omit<InputHTMLAttributes<HTMLInputElement>, 'className' | 'id'> & {
  id: string
  label: ReactNode
  hint?: ReactNode
  error?: string | undefined
}

export function TextField({ id, label, hint, error, ...input }: Props) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        {...input}
        id={id}
        className="input"
        aria-invalid={error ? true : undefined}
        aria-describedby={error || hint ? `${id}-note` : undefined}
      />
      <FieldNote id={id} hint={hint} error={error} />
    </div>
  )
}

/** A password that can be looked at; managers and pasting work as in any field. */
export function PasswordField({ id, label, hint, error, ...input }: Props) {
  const [shown, setShown] = useState(false)
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="input-wrap">
        <input
          {...input}
          id={id}
          type={shown ? 'text' : 'password'}
          className="input"
          autoCapitalize="none"
          spellCheck={false}
          aria-invalid={error ? true : undefined}
          aria-describedby={error || hint ? `${id}-note` : undefined}
        />
        <button type="button" className="btn btn-quiet" aria-pressed={shown} onClick={() => setShown(!shown)}>
          {shown ? t`Verberg` : t`Toon`}
          <span className="sr"> {t`het wachtwoord`}</span>
        </button>
      </div>
      <FieldNote id={id} hint={hint} error={error} />
    </div>
  )
}

function FieldNote({ id, hint, error }: { id: string; hint?: ReactNode; error?: string | undefined }) {
  if (error) {
    return (
      <p className="error" id={`${id}-note`}>
        <Icon name="warning-circle-fill" />
        {error}
      </p>
    )
  }
  return hint ? (
    <div className="hint" id={`${id}-note`}>
      {hint}
    </div>
  ) : null
}
