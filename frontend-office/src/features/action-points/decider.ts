import { t } from '@lingui/core/macro'

/** Who decided: a colleague, or a program that the office let in. */
export const decider = (decision: { byFirstName: string; byProgram?: string }): string =>
  decision.byProgram ? t`Koppeling ${decision.byProgram}` : decision.byFirstName
