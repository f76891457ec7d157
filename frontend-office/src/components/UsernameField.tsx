import { t } from '@lingui/core/macro'
import { useQuery } from '@tanstack/react-query'
import { checkUsernameOptions } from '#/api/generated/@tanstack/react-query.gen'
import { TextField } from '#/components/Field'
import { useDebounced } from '#/lib/hooks'

/** A username that is checked while it is typed; the server has the last word when it is saved. */
export function UsernameField({
  id,
  label = t`Gebruikersnaam`,
  value,
  email,
  memberId,
  error,
  hint,
  onChange,
}: {
  id?: string
  label?: string
  value: string
  email: string
  memberId?: string
  error?: string | undefined
  hint?: string
  onChange: (next: string) => void
}) {
  const settled = useDebounced(value.trim(), 350)
  const check = useQuery({
    ...checkUsernameOptions({
      query: { username: settled, ...(email ? { contactEmail: email } : {}), ...(memberId ? { memberId } : {}) },
    }),
    enabled: settled.length > 0,
    staleTime: 0,
    retry: false,
  })
  const current = settled === value.trim() && settled !== '' ? check.data : undefined
  return (
    <TextField
      {...(id ? { id } : {})}
      label={label}
      mono
      autoCapitalize="none"
      spellCheck={false}
      autoComplete="off"
      maxLength={254}
      value={value}
      error={error ?? (current && !current.available ? usernameMistake(current.reason, value.trim()) : undefined)}
      hint={current?.available ? <span className="ok">{t`Vrij.`}</span> : hint}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}

function usernameMistake(reason: string | undefined, username: string): string {
  switch (reason) {
    case 'foreign-email':
      return t`Dit is het e-mailadres van iemand anders. Kies het eigen adres, of een naam zonder @.`
    case 'characters':
      return t`Gebruik letters, cijfers, punt, streepje of een e-mailadres.`
    case 'length':
      return t`Kies een naam van minstens 3 tekens.`
    default:
      return t`${username} is al in gebruik. Kies een andere.`
  }
}
