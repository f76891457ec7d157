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
import { Mistake } from '#/components/States'
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
    <section className="sec" aria-labelledby="devices">
      <header>
        <h2 id="devices">{t`Waar ben ik ingelogd`}</h2>
      </header>
      <div className="set" aria-busy={list.isPending}>
        {list.isPending && (
          <div className="set-row" role="status">
            <p>{t`Bezig met laden`}</p>
          </div>
        )}
        {list.isError && (
          <div className="set-row">
            <Mistake error={list.error} />
            <Button small onClick={() => void list.refetch()}>
              {t`Opnieuw proberen`}
            </Button>
          </div>
        )}
        {list.data?.items.map((one) => (
          <div className="set-row" key={one.id}>
            <div>
              <h3>{nameOf(one)}</h3>
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
        {(list.data?.items.length ?? 0) > 1 && (
          <div className="set-row">
            <p>{t`Herken je iets niet? Log overal uit en wijzig je wachtwoord.`}</p>
            <Button small busy={others.isPending} onClick={() => others.mutate({})}>
              {t`Log overal elders uit`}
            </Button>
          </div>
        )}
      </div>
      <Mistake error={end.error ?? others.error} />
    </section>
  )
}

const nameOf = (one: OpenSession) => one.device || t`Onbekend apparaat`
