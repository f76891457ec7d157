import { t } from '@lingui/core/macro'
import { ApiProblem } from '#/api/problem'
import { mistakeText } from './States'

/** Why a code that was sent did not do, in words that help. */
export function codeMistake(error: unknown): string {
  switch (error instanceof ApiProblem ? error.code : '') {
    case 'login-code-wrong':
      return t`Die code klopt niet. Kijk in het nieuwste bericht en typ alle cijfers over.`
    case 'login-code-expired':
      return t`Deze code werkt niet meer: hij is ouder dan 10 minuten, al gebruikt, of op een ander apparaat aangevraagd. Vraag een nieuwe aan.`
    case 'login-code-spent':
      return t`Deze code is vijf keer verkeerd ingevuld en werkt niet meer. Vraag een nieuwe aan.`
    default:
      return mistakeText(error)
  }
}
