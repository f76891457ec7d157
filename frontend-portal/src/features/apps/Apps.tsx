import { t } from '@lingui/core/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { listMyAppsOptions, listMyAppsQueryKey, withdrawMyAppMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { Site } from '#/api/generated/types.gen'
import { Button } from '#/components/Button'
import { Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'
import { day, moment } from '#/lib/dates'
import { scopeWord } from './words'

/** The apps that the customer let in, and shutting them out. Most people have none, and read nothing about it. */
export function Apps({ site }: { site: Site }) {
  const queryClient = useQueryClient()
  const list = useQuery(listMyAppsOptions())
  const withdraw = useMutation({
    ...withdrawMyAppMutation(),
    onSuccess: () => {
      toast(t`De app komt er niet meer bij`)
      void queryClient.invalidateQueries({ queryKey: listMyAppsQueryKey() })
    },
  })
  if (list.isPending || list.data?.items.length === 0) return null
  return (
    <section className="sec" aria-labelledby="apps">
      <header>
        <h2 id="apps">{t`Apps met toegang`}</h2>
      </header>
      <div className="set">
        {list.isError && (
          <div className="set-row">
            <Mistake error={list.error} />
            <Button small onClick={() => void list.refetch()}>
              {t`Opnieuw proberen`}
            </Button>
          </div>
        )}
        {list.data?.items.map((app) => (
          <div className="set-row" key={app.id}>
            <div>
              <h3>{app.name}</h3>
              {app.scopes.map((scope) => (
                <p key={scope}>{scopeWord(scope, site.name)}</p>
              ))}
              <p>
                {app.lastUsedAt
                  ? t`Sinds ${day(app.since)}, laatst gebruikt ${moment(app.lastUsedAt)}`
                  : t`Sinds ${day(app.since)}, nog niet gebruikt`}
              </p>
            </div>
            <Button small busy={withdraw.isPending} onClick={() => withdraw.mutate({ path: { appId: app.id } })}>
              {t`Trek in`}
              <span className="sr"> {t`de toegang van ${app.name}`}</span>
            </Button>
          </div>
        ))}
      </div>
      <Mistake error={withdraw.error} />
    </section>
  )
}
