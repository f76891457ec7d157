import { t } from '@lingui/core/macro'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { getActionPointOptions, listActionPointsInfiniteOptions } from '#/api/generated/@tanstack/react-query.gen'
import type { ActionPoint } from '#/api/generated/types.gen'
import { Button } from '#/components/Button'
import { FileViewer } from '#/components/FileViewer'
import { Empty, Failed, Loading, SkeletonRows } from '#/components/States'
import { Glyph, lookOf } from '#/components/Status'
import { ago, shortDay } from '#/lib/dates'
import { useHotkeys, useTitle } from '#/lib/hooks'
import { DecidePanel } from './DecidePanel'

/** The queue on the left, the document in the middle, the decision on the right; a decision opens the next. */
export function ReviewPage({ chosen, onChoose }: { chosen: string | undefined; onChoose: (id: string | undefined) => void }) {
  useTitle(t`Te beoordelen`)
  const paging = { initialPageParam: {}, getNextPageParam: (page: { nextCursor?: string }) => page.nextCursor ?? null }
  const submitted = useInfiniteQuery({ ...listActionPointsInfiniteOptions({ query: { state: 'submitted', limit: 100 } }), ...paging })
  const again = useInfiniteQuery({
    ...listActionPointsInfiniteOptions({ query: { state: 'open', askedAgain: true, limit: 20 } }),
    ...paging,
  })
  const waiting = submitted.data?.pages.flatMap((page) => page.items) ?? []
  const withCustomer = again.data?.pages.flatMap((page) => page.items) ?? []
  const first = waiting[0]?.id
  // The first of the queue goes into the address, so that new work arriving on top never changes what someone is reading.
  useEffect(() => {
    if (!chosen && first) onChoose(first)
  }, [chosen, first, onChoose])
  const current = chosen ?? first
  const at = waiting.findIndex((point) => point.id === current)
  const step = (by: number) => {
    const next = waiting[Math.min(waiting.length - 1, Math.max(0, at + by))]
    if (next) onChoose(next.id)
  }
  useHotkeys({ j: () => step(1), k: () => step(-1) })
  const openNext = () => onChoose((waiting[at + 1] ?? waiting.find((point) => point.id !== current))?.id)

  return (
    <main className="main" id="inhoud">
      <header className="bar-top">
        <h1>{t`Te beoordelen`}</h1>
      </header>
      {submitted.isPending ? (
        <SkeletonRows />
      ) : submitted.isError ? (
        <Failed error={submitted.error} retry={() => void submitted.refetch()} />
      ) : waiting.length === 0 && withCustomer.length === 0 && !chosen ? (
        <Empty icon="check-circle" title={t`Alles is beoordeeld`}>
          <p>{t`Zodra een klant iets aanlevert, staat het hier. Je hoeft niet te verversen.`}</p>
        </Empty>
      ) : (
        <div className="review">
          <nav className="queue" aria-label={t`Actiepunten`}>
            <h2>
              <span>{t`Nieuw aangeleverd`}</span>
              <span>{waiting.length}</span>
            </h2>
            {waiting.length === 0 && <p className="queue-empty">{t`Alles is beoordeeld. Nieuw werk verschijnt hier vanzelf.`}</p>}
            {waiting.map((point) => (
              <QueueLink key={point.id} point={point} current={point.id === current} />
            ))}
            {submitted.hasNextPage && (
              <div className="more">
                <Button small busy={submitted.isFetchingNextPage} onClick={() => void submitted.fetchNextPage()}>{t`Meer laden`}</Button>
              </div>
            )}
            {withCustomer.length > 0 && (
              <>
                <h2>
                  <span>{t`Opnieuw gevraagd, bij klant`}</span>
                  <span>{withCustomer.length}</span>
                </h2>
                {withCustomer.map((point) => (
                  <QueueLink key={point.id} point={point} current={point.id === current} />
                ))}
              </>
            )}
          </nav>
          {current ? (
            <Opened key={current} id={current} onDecided={openNext} />
          ) : (
            <Empty icon="check-circle" title={t`Alles is beoordeeld`} />
          )}
        </div>
      )}
    </main>
  )
}

function QueueLink({ point, current }: { point: ActionPoint; current: boolean }) {
  const due = point.dueOn ? shortDay(point.dueOn) : ''
  return (
    <Link to="/review" search={{ point: point.id }} activeOptions={{ exact: true }} aria-current={current ? 'true' : undefined}>
      <Glyph {...lookOf(point)} />
      <b>{point.title}</b>
      <time dateTime={point.submittedAt ?? point.updatedAt}>
        {ago(point.state === 'submitted' ? (point.submittedAt ?? point.updatedAt) : point.updatedAt)}
      </time>
      <p>
        {[point.dossierName, point.state === 'submitted' ? point.round > 1 && t`poging ${point.round}` : due && t`vóór ${due}`]
          .filter(Boolean)
          .join(', ')}
      </p>
    </Link>
  )
}

function Opened({ id, onDecided }: { id: string; onDecided: () => void }) {
  const query = useQuery(getActionPointOptions({ path: { actionPointId: id } }))
  if (query.isPending) return <Loading />
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />
  const point = query.data
  // The newest delivery is what is judged; the list may come in either order.
  const latest = point.submissions.toSorted((a, b) => b.round - a.round || b.at.localeCompare(a.at))[0]
  return (
    <>
      <FileViewer key={latest?.id ?? 'none'} files={latest?.files ?? []} />
      <DecidePanel point={point} onDecided={onDecided} />
    </>
  )
}
