import { t } from '@lingui/core/macro'
import { ApiProblem } from '#/api/problem'

/** What went wrong with signing in, in words that help; the server never says which half was wrong. */
export function loginMistake(error: unknown): string {
  if (!(error instanceof ApiProblem) || error.status === 0) return t`Geen verbinding. Controleer je internet en probeer het opnieuw.`
  if (error.status === 429) {
    const minutes = Math.max(1, Math.ceil((error.retryAfter ?? 600) / 60))
    return t`Even pauze: er is te vaak geprobeerd. Over ${minutes} min kun je het opnieuw proberen.`
  }
  if (error.status === 401 || error.status === 422) return t`Deze combinatie kennen we niet. Controleer je e-mailadres en je wachtwoord.`
  return t`Inloggen lukte niet. Het ligt aan ons; probeer het zo nog eens.`
}

export function codeMistake(error: unknown): string {
  if (error instanceof ApiProblem && (error.status === 401 || error.status === 422) && error.code !== 'unauthenticated')
    return t`Die code klopt niet (meer). Elke code werkt 30 seconden, typ de nieuwste over.`
  if (error instanceof ApiProblem && error.status === 401) return t`Het duurde te lang. Begin opnieuw met je wachtwoord.`
  return loginMistake(error)
}
