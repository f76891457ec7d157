import { t } from '@lingui/core/macro'
import { useInfiniteQuery } from '@tanstack/react-query'
import { listDossierEventsInfiniteOptions } from '#/api/generated/@tanstack/react-query.gen'
import { Button } from '#/components/Button'
import { Icon } from '#/components/Icon'
import { Failed, SkeletonRows } from '#/components/States'
import { moment } from '#/lib/dates'
import { lineOf } from '#/lib/lines'

/** What happened, newest first. */
export function Timeline({ dossierId, limit = 50 }: { dossierId: string; limit?: number }) {
  const events = useInfiniteQuery({
    ...listDossierEventsInfiniteOptions({ path: { dossierId }, query: { limit } }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? null,
  })
  if (events.isPending) return <SkeletonRows rows={4} />
  if (events.isError) return <Failed error={events.error} retry={() => void events.refetch()} />
  const items = events.data.pages.flatMap((page) => page.items)
  if (items.length === 0) return <p className="small muted">{t`Er is nog niets gebeurd in dit dossier.`}</p>
  return (
    <>
      <ol className="tl">
        {items.map((event) => {
          const line = lineOf(event)
          const actor = event.actor.firstName || (event.actor.kind === 'system' ? t`Voordeur` : t`Iemand`)
          return (
            <li key={event.id}>
              <span className={`pt ${line.tone}`.trim()}>
                <Icon name={line.icon} />
              </span>
              <div>
                <b>{actor}</b> {line.text}
                {line.quote && <q>{line.quote}</q>}
                {event.erased && <span className="faint"> {t`(de inhoud is gewist)`}</span>}
              </div>
              <time dateTime={event.at}>{moment(event.at)}</time>
            </li>
          )
        })}
      </ol>
      {events.hasNextPage && (
        <div className="more">
          <Button small busy={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>{t`Meer laden`}</Button>
        </div>
      )}
    </>
  )
}
