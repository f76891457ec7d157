import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import {
  approveActionPointMutation,
  cancelActionPointMutation,
  getActionPointOptions,
  rejectActionPointMutation,
  requestActionPointMutation,
} from '#/api/generated/@tanstack/react-query.gen'
import type { ActionPoint } from '#/api/generated/types.gen'
import { ifMatch } from '#/api/http'
import { isStale } from '#/api/problem'
import { toast } from '#/components/Toasts'
import type { Reason } from '#/lib/words'

/**
 * What the office can decide about an action point. Each decision carries the version that was looked at: when the
 * customer or a colleague was faster, nothing happens and the screen says so.
 */
export function useDecisions(onDone?: (point: ActionPoint) => void) {
  const queryClient = useQueryClient()
  const done = (say: string) => ({
    onSuccess: (point: ActionPoint) => {
      toast(say)
      void queryClient.invalidateQueries()
      onDone?.(point)
    },
  })
  const approve = useMutation({ ...approveActionPointMutation(), ...done(t`Goedgekeurd`) })
  const reject = useMutation({ ...rejectActionPointMutation(), ...done(t`Afgekeurd`) })
  const request = useMutation({ ...requestActionPointMutation(), ...done(t`Opnieuw gevraagd`) })
  const cancel = useMutation({ ...cancelActionPointMutation(), ...done(t`Actiepunt vervallen`) })
  const all = [approve, reject, request, cancel]
  const on = (point: ActionPoint) => ({ path: { actionPointId: point.id }, headers: ifMatch(point.version) })
  const error = all.find((mutation) => mutation.isError)?.error
  return {
    approve: (point: ActionPoint) => approve.mutate(on(point)),
    reject: (point: ActionPoint, body: { code: Reason; reason: string; askAgain: boolean }) => reject.mutate({ ...on(point), body }),
    request: (point: ActionPoint, reason: string) => request.mutate({ ...on(point), body: reason ? { reason } : {} }),
    cancel: (point: ActionPoint) => cancel.mutate(on(point)),
    busy: all.some((mutation) => mutation.isPending),
    stale: isStale(error),
    problem: error,
    error: isStale(error) ? undefined : error,
    reset: () => {
      for (const mutation of all) mutation.reset()
    },
    /** What is on screen again from the server, and the action point that is being decided about. */
    reload: async (point?: ActionPoint) => {
      await queryClient.invalidateQueries()
      const newest = point && (await queryClient.fetchQuery(getActionPointOptions({ path: { actionPointId: point.id } })))
      for (const mutation of all) mutation.reset()
      return newest
    },
  }
}

export type Decisions = ReturnType<typeof useDecisions>

/** The verb that is being filled in, and for which action point. */
export type Doing = { what: 'reject' | 'request' | 'edit' | 'cancel'; point: ActionPoint }
