import { t } from '@lingui/core/macro'
import { TextField } from '#/components/Field'

type Names = { firstName: string; lastName: string }

/** First and last name of somebody at the client. What is missing is said once the form was sent; `mistakes` are the server's. */
export function NameFields({
  value,
  mistakes,
  checked,
  onChange,
}: {
  value: Names
  mistakes: Record<string, string>
  checked: boolean
  onChange: (change: Partial<Names>) => void
}) {
  const missing = (text: string, message: string) => (checked && !text.trim() ? message : undefined)
  return (
    <div className="pair">
      <TextField
        label={t`Voornaam`}
        maxLength={80}
        value={value.firstName}
        error={mistakes['/firstName'] ?? missing(value.firstName, t`Vul de voornaam in`)}
        onChange={(event) => onChange({ firstName: event.target.value })}
      />
      <TextField
        label={t`Achternaam`}
        maxLength={120}
        value={value.lastName}
        error={mistakes['/lastName'] ?? missing(value.lastName, t`Vul de achternaam in`)}
        onChange={(event) => onChange({ lastName: event.target.value })}
      />
    </div>
  )
}
