import type { ActionPointSummary } from '#/api/generated/types.gen'

/** What waits for the customer: asked again first, then by deadline, what has none last. */
export function yourTurn(points: ActionPointSummary[]): ActionPointSummary[] {
  return points
    .filter((point) => point.state === 'open')
    .toSorted((a, b) => Number(b.askedAgain) - Number(a.askedAgain) || (a.dueOn ?? '9999').localeCompare(b.dueOn ?? '9999'))
}

export const inReview = (points: ActionPointSummary[]) => points.filter((point) => point.state === 'submitted')

/** Approved, and what was refused without being asked again; the newest first. */
export const finished = (points: ActionPointSummary[]) =>
  points
    .filter((point) => point.state === 'approved' || point.state === 'rejected')
    .toSorted((a, b) => (b.decidedAt ?? '').localeCompare(a.decidedAt ?? ''))
