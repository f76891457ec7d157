import { t } from '@lingui/core/macro'
import { IconButton } from '#/components/Button'
import { TextField } from '#/components/Field'
import { UsernameField } from '#/components/UsernameField'
import type { PersonDraft } from './draft'

/** One applicant. Pointers of the server ("/applicants/1/username") end up at the field they name. */
export function PersonFields({
  index,
  person,
  username,
  mistakes,
  onChange,
  onRemove,
}: {
  index: number
  person: PersonDraft
  username: string
  mistakes: Record<string, string>
  onChange: (change: Partial<PersonDraft>) => void
  onRemove: (() => void) | undefined
}) {
  const at = (name: string) => `applicants-${index}-${name}`
  const error = (name: string) => mistakes[`/applicants/${index}/${name}`]
  const known = person.contactId !== undefined
  return (
    <section className="person" aria-label={t`Aanvrager ${index + 1}`}>
      <header>
        <h3>{t`Aanvrager ${index + 1}`}</h3>
        {known && <span className="tag">{t`Al bekend`}</span>}
        {onRemove && <IconButton icon="trash" label={t`Verwijder aanvrager ${index + 1}`} small onClick={onRemove} />}
      </header>
      <div className="pair">
        <TextField
          id={at('firstName')}
          label={t`Voornaam`}
          maxLength={80}
          readOnly={known}
          value={person.firstName}
          error={error('firstName')}
          onChange={(event) => onChange({ firstName: event.target.value })}
        />
        <TextField
          id={at('lastName')}
          label={t`Achternaam`}
          maxLength={120}
          readOnly={known}
          value={person.lastName}
          error={error('lastName')}
          onChange={(event) => onChange({ lastName: event.target.value })}
        />
      </div>
      <div className="pair">
        <TextField
          id={at('email')}
          label={t`E-mailadres`}
          optional
          type="email"
          maxLength={254}
          readOnly={known}
          value={person.email}
          error={error('email')}
          hint={person.email || known ? undefined : t`Zonder eigen adres gaat de uitnodiging naar de eerste aanvrager.`}
          onChange={(event) => onChange({ email: event.target.value })}
        />
        <TextField
          id={at('mobile')}
          label={t`Mobiel`}
          optional
          type="tel"
          maxLength={32}
          readOnly={known}
          value={person.mobile}
          error={error('mobile')}
          onChange={(event) => onChange({ mobile: event.target.value })}
        />
      </div>
      <div className="pair">
        <TextField
          id={at('salutation')}
          label={t`Aanhef`}
          optional
          maxLength={120}
          placeholder={t`mevrouw De Wit`}
          readOnly={known}
          value={person.salutation}
          error={error('salutation')}
          onChange={(event) => onChange({ salutation: event.target.value })}
        />
        <UsernameField
          id={at('username')}
          value={username}
          email={person.email}
          error={error('username')}
          hint={t`Hiermee logt deze persoon in. Uniek binnen jullie kantoor.`}
          onChange={(next) => onChange({ username: next })}
        />
      </div>
    </section>
  )
}
