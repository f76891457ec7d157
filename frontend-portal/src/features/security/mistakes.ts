import { t } from '@lingui/core/macro'
import { ApiProblem } from '#/api/problem'
import { mistakeText } from '#/components/States'

/** What was wrong with a code, in words that help. */
export function codeMistake(error: unknown): string {
  if (error instanceof ApiProblem && (error.code === 'wrong-code' || error.errors.some(({ code }) => code === 'wrong-code')))
    return t`Die code klopt niet (meer). Elke code werkt 30 seconden; typ de nieuwste over.`
  if (error instanceof ApiProblem && error.status === 401) return t`Het duurde te lang. Begin opnieuw met je wachtwoord.`
  return mistakeText(error)
}
