import { t } from '@lingui/core/macro'
import { ApiProblem } from '#/api/problem'
import { icons } from '#/components/icons'
import { insideIcons } from '#/components/insideIcons'
import { mistakeText } from '#/components/States'
import { loadSettings } from '#/lib/locale'
import { logIn, outcome, stop } from './passkey'

// The button shows an icon that is otherwise only seen behind the login.
Object.assign(icons, insideIcons)

/** Why a passkey did not do what was asked, in words that help; empty when somebody stopped it. */
export function passkeyMistake(error: unknown): string {
  switch (outcome(error)) {
    case 'stopped':
      return ''
    case 'cancelled':
      return t`Je stopte, of het duurde te lang. Er is niets gebeurd; probeer het gerust nog eens.`
    case 'known':
      return t`Op dit apparaat staat al een passkey voor je portaal.`
    case 'failed':
  }
  if (error instanceof ApiProblem) {
    if (error.code === 'passkey-refused')
      return t`Met deze passkey kom je hier niet binnen. Misschien hoort hij bij een ander kantoor, of is hij verwijderd. Log in met je wachtwoord.`
    if (error.code === 'passkey-lost' || error.errors.some(({ code }) => code === 'passkey-lost'))
      return t`Dit duurde te lang. Probeer het nog eens.`
    if (error.errors.some(({ code }) => code === 'passkey-refused')) return t`Deze passkey hoort niet bij jouw login.`
    if (error.code === 'last-factor')
      return t`Je kantoor vraagt een tweede stap, en dit is je laatste. Stel eerst een app of een andere passkey in.`
    if (error.code === 'passkeys-unavailable') return t`Op dit adres werken passkeys niet.`
    return mistakeText(error)
  }
  if (error instanceof Error && error.name === 'TypeError') return mistakeText(error)
  return t`Je apparaat kon dit niet. Log in met je wachtwoord, of probeer een ander apparaat.`
}

/** Tries to log in; undefined: somebody is in, otherwise what to say. Quietly: nobody asked, so nothing is said of giving up. */
export async function passkeyLogin(office: string, quietly?: { gone: boolean }): Promise<string | undefined> {
  try {
    await logIn(office, quietly)
    return undefined
  } catch (error) {
    if (quietly && !(error instanceof ApiProblem)) return ''
    await loadSettings()
    return passkeyMistake(error)
  }
}

// A challenge lives for five minutes.
const again = 240_000

/** Lets the browser offer a passkey with the username, until what it returns is called. */
export function offer(office: string, onAnswer: (said: string | undefined) => void): () => void {
  const quietly = { gone: false }
  let timer = 0
  const wait = async () => {
    if (quietly.gone || !(await PublicKeyCredential.isConditionalMediationAvailable())) return
    timer = window.setTimeout(() => void wait(), again)
    const said = await passkeyLogin(office, quietly)
    if (!quietly.gone && said !== '') onAnswer(said)
  }
  void wait().catch(() => {})
  return () => {
    quietly.gone = true
    clearTimeout(timer)
    stop()
  }
}
