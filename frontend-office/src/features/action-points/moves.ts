import type { ActionPoint } from '#/api/generated/types.gen'

export type LaneKey = 'customer' | 'office' | 'again' | 'done'
export type Move = { to: LaneKey; what: 'approve' | 'reject' | 'request' }

/** Whose turn it is. */
export function laneOf(point: Pick<ActionPoint, 'state' | 'askedAgain'>): LaneKey {
  if (point.state === 'submitted') return 'office'
  if (point.state === 'open') return point.askedAgain ? 'again' : 'customer'
  return 'done'
}

/**
 * Where a card can go. What is with the customer moves when the customer delivers; the office approves what came in, or asks
 * again with a remark.
 */
export function movesOf(point: Pick<ActionPoint, 'state'>, may: { write: boolean; review: boolean }): Move[] {
  switch (point.state) {
    case 'submitted':
      return may.review
        ? [
            { to: 'done', what: 'approve' },
            { to: 'again', what: 'reject' },
          ]
        : []
    case 'approved':
    case 'rejected':
      return may.write ? [{ to: 'again', what: 'request' }] : []
    case 'open':
    case 'cancelled':
      return []
  }
}
