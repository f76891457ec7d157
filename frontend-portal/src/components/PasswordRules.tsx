import { t } from '@lingui/core/macro'
import { strengthOf } from '#/lib/strength'
import { Icon } from './Icon'

/** What a new password must be, and what it is worth while it is typed; own is what others try first: one's names. */
export function PasswordRules({ password, minimum, own }: { password: string; minimum: number; own: string[] }) {
  const strength = strengthOf(password, minimum, own)
  const left = typeof strength === 'object' ? strength.left : 0
  return (
    <div role="status">
      <ul className="rules">
        <Rule met={left === 0}>
          {left === 0 ? t`Lang genoeg` : password === '' ? t`Minstens ${minimum} tekens` : t`Nog ${left} tekens te gaan`}
        </Rule>
        <Rule met={strength === 'strong'}>
          {strength === 'guessable'
            ? t`Makkelijk te raden. Neem een zin die alleen jij bedenkt.`
            : strength === 'strong'
              ? t`Sterk. Bij opslaan kijken we nog of het geen veelgebruikt wachtwoord is.`
              : t`Geen veelgebruikt wachtwoord en niet je eigen naam, dat controleren we bij opslaan`}
        </Rule>
      </ul>
    </div>
  )
}

function Rule({ met, children }: { met: boolean; children: string }) {
  return (
    <li>
      <span className={met ? 'glyph g-ok' : 'glyph g-open'} aria-hidden="true">
        {met && <Icon name="check-bold" />}
      </span>
      <span>{children}</span>
    </li>
  )
}
