import { t } from '@lingui/core/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import {
  endMySessionMutation,
  endOtherSessionsMutation,
  listMySessionsOptions,
  listMySessionsQueryKey,
} from '#/api/generated/@tanstack/react-query.gen'
import type { OpenSession } from '#/api/generated/types.gen'
import { Button } from '#/components/Button'
import { Failed, Mistake, SkeletonRows } from '#/components/States'
import { toast } from '#/components/Toasts'
import { moment } from '#/lib/dates'

/** Where this login is open, and closing it there. */
export function Devices() {
  const queryClient = useQueryClient()
  const list = useQuery(listMySessionsOptions())
  const after = (say: string) => ({
    onSuccess: () => {
      toast(say)
      void queryClient.invalidateQueries({ queryKey: listMySessionsQueryKey() })
    },
  })
  const end = useMutation({ ...endMySessionMutation(), ...after(t`Uitgelogd op dat apparaat`) })
  const others = useMutation({ ...endOtherSessionsMutation(), ...after(t`Overal elders uitgelogd`) })
  return (
    <section aria-labelledby="devices">
      <div className="sec-h">
        <h2 id="devices">{t`Waar ben ik ingelogd`}</h2>
        {(list.data?.items.length ?? 0) > 1 && (
          <div className="end">
            <Button small busy={others.isPending} onClick={() => others.mutate({})}>
              {t`Log overal elders uit`}
            </Button>
          </div>
        )}
      </div>
      {list.isPending ? (
        <SkeletonRows rows={2} />
      ) : list.isError ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : (
        <div className="rows">
          {list.data.items.map((one) => (
            <div className="rrow" key={one.id}>
              <div className="fill">
                <b>{nameOf(one)}</b>
                <p>{one.this ? t`Dit apparaat` : t`Laatst gezien ${moment(one.lastSeenAt)}`}</p>
              </div>
              {!one.this && (
                <Button small busy={end.isPending} onClick={() => end.mutate({ path: { sessionId: one.id } })}>
                  {t`Log uit`}
                  <span className="sr"> {t`op ${nameOf(one)}`}</span>
                </Button>
              )}
            </div>
          ))}
        </div>
      )}
      {(list.data?.items.length ?? 0) > 1 && (
        <p className="small muted after">{t`Herken je iets niet? Log overal elders uit en wijzig je wachtwoord.`}</p>
      )}
      <Mistake error={end.error ?? others.error} />
    </section>
  )
}

const nameOf = (one: OpenSession) => one.device || t`Onbekend apparaat`
