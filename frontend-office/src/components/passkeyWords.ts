import { t } from '@lingui/core/macro'
import { ApiProblem } from '#/api/problem'
import { outcome } from '#/lib/passkeys'
import { mistakeText } from './States'

/** Why a passkey did not do what was asked, in words that help; empty when somebody stopped it. */
export function passkeyMistake(error: unknown): string {
  switch (outcome(error)) {
    case 'stopped':
      return ''
    case 'cancelled':
      return t`Je stopte, of het duurde te lang. Er is niets gebeurd; probeer het gerust nog eens.`
    case 'known':
      return t`Op dit apparaat staat al een passkey voor je account.`
    case 'failed':
  }
  if (error instanceof ApiProblem) {
    if (error.code === 'passkey-refused')
      return t`Met deze passkey kom je hier niet binnen. Misschien is hij verwijderd. Log in met je e-mailadres en wachtwoord.`
    if (error.code === 'passkey-lost' || error.errors.some(({ code }) => code === 'passkey-lost'))
      return t`Dit duurde te lang. Probeer het nog eens.`
    if (error.errors.some(({ code }) => code === 'passkey-refused')) return t`Deze passkey hoort niet bij jouw account.`
    if (error.code === 'last-factor') return t`Inloggen kan hier niet zonder tweede stap, en dit is je laatste. Stel eerst een andere in.`
    if (error.code === 'passkeys-unavailable') return t`Op dit adres werken passkeys niet.`
    if (error.code === 'sso-only') return t`Je kantoor logt niet in met passkeys. Kies hieronder: Inloggen met je kantooraccount.`
    return mistakeText(error)
  }
  if (error instanceof TypeError) return mistakeText(error)
  return t`Je apparaat kon dit niet. Log in met je wachtwoord, of probeer een ander apparaat.`
}
