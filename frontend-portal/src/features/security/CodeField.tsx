import { t } from '@lingui/core/macro'
import { TextField } from '#/components/Field'

/** Six digits of an authenticator app; pasting and the keyboard's own suggestion work. */
export function CodeField({
  id,
  label = t`Code uit je app`,
  value,
  error,
  hint,
  onChange,
}: {
  id: string
  label?: string
  value: string
  error?: string | undefined
  hint?: string
  onChange: (value: string) => void
}) {
  return (
    <div className="code-in">
      <TextField
        id={id}
        name="code"
        label={label}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={12}
        value={value}
        error={error}
        hint={hint}
        onChange={(event) => onChange(event.target.value.replaceAll(/[^\d ]/g, ''))}
      />
    </div>
  )
}

export const digitsOf = (code: string) => code.replaceAll(/\D/g, '')
