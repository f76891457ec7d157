import { t } from '@lingui/core/macro'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { listActionPointsInfiniteOptions } from '#/api/generated/@tanstack/react-query.gen'
import type { ActionPoint } from '#/api/generated/types.gen'
import { Button } from '#/components/Button'
import { Icon } from '#/components/Icon'
import { Empty, Failed, SkeletonRows } from '#/components/States'
import { Glyph, lookOf } from '#/components/Status'
import { ago, clock, daysBetween, localDay, shortDay } from '#/lib/dates'
import { useHotkeys, useTitle, useToday } from '#/lib/hooks'
import { PointsBoard } from './PointsBoard'
import { Reviewed } from './Reviewed'

type Query = NonNullable<NonNullable<Parameters<typeof listActionPointsInfiniteOptions>[0]>['query']>

function useGroup(query: Query) {
  const list = useInfiniteQuery({
    ...listActionPointsInfiniteOptions({ query }),
    initialPageParam: {},
    getNextPageParam: (page: { nextCursor?: string }) => page.nextCursor ?? null,
  })
  return { list, points: list.data?.pages.flatMap((page) => page.items) ?? [] }
}

/** The queue on the left, the document in the middle, the decision on the right; a decision opens the next. */
export function ReviewPage({
  chosen,
  board,
  onChoose,
  onBoard,
}: {
  chosen: string | undefined
  board: boolean
  onChoose: (id: string | undefined) => void
  onBoard: (board: boolean) => void
}) {
  useTitle(t`Te beoordelen`)
  const today = useToday()
  const submitted = useGroup({ state: 'submitted', limit: 100 })
  const again = useGroup({ state: 'open', askedAgain: true, limit: 20 })
  const open = useGroup({ state: 'open', askedAgain: false, limit: 20 })
  const handled = useGroup({ decidedOn: today, limit: 20 })
  const waiting = submitted.points
  const groups = [
    { id: 'new', title: t`Nieuw aangeleverd`, ...submitted },
    { id: 'again', title: t`Opnieuw gevraagd, bij klant`, ...again },
    { id: 'open', title: t`Open, bij klant`, ...open },
    { id: 'done', title: t`Vandaag afgehandeld`, ...handled },
  ]
  const all = groups.flatMap((group) => group.points)
  const first = waiting[0]?.id
  // The first of the queue goes into the address, so that new work arriving on top never changes what someone is reading.
  useEffect(() => {
    if (!chosen && first && !board) onChoose(first)
  }, [chosen, first, board, onChoose])
  const current = chosen ?? first
  const at = waiting.findIndex((point) => point.id === current)
  const step = (by: number) => {
    const next = waiting[Math.min(waiting.length - 1, Math.max(0, at + by))]
    if (next) onChoose(next.id)
  }
  useHotkeys({ j: () => step(1), k: () => step(-1) }, !board)
  const openNext = () => onChoose((waiting[at + 1] ?? waiting.find((point) => point.id !== current))?.id)

  return (
    <main className="main" id="inhoud">
      <header className="bar-top">
        <h1>{t`Te beoordelen`}</h1>
        <div className="end">
          <div className="segment" role="group" aria-label={t`Weergave`}>
            <button type="button" aria-pressed={!board} onClick={() => onBoard(false)}>
              <Icon name="rows" />
              {t`Lijst`}
            </button>
            <button type="button" aria-pressed={board} onClick={() => onBoard(true)}>
              <Icon name="kanban" />
              {t`Bord`}
            </button>
          </div>
        </div>
      </header>
      {submitted.list.isPending ? (
        <SkeletonRows />
      ) : submitted.list.isError ? (
        <Failed error={submitted.list.error} retry={() => void submitted.list.refetch()} />
      ) : all.length === 0 && !chosen ? (
        <Empty icon="check-circle" title={t`Alles is beoordeeld`}>
          <p>{t`Zodra een klant iets aanlevert, staat het hier. Je hoeft niet te verversen.`}</p>
        </Empty>
      ) : board ? (
        // What scrolls must be reachable by keyboard, also for a role without buttons.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className="scroll" tabIndex={0} role="region" aria-label={t`Bord`}>
          <PointsBoard points={all} acrossDossiers doneTitle={t`Vandaag afgehandeld`} />
        </div>
      ) : (
        <div className="review">
          <nav className="queue" aria-label={t`Actiepunten`}>
            {groups.map(
              (group) =>
                (group.points.length > 0 || group.id === 'new') && (
                  <div key={group.id}>
                    <h2>
                      <span>{group.title}</span>
                      <span>{group.list.hasNextPage ? `${group.points.length}+` : group.points.length}</span>
                    </h2>
                    {group.points.length === 0 && (
                      <p className="queue-empty">{t`Alles is beoordeeld. Nieuw werk verschijnt hier vanzelf.`}</p>
                    )}
                    {group.points.map((point) => (
                      <QueueLink key={point.id} point={point} current={point.id === current} />
                    ))}
                    {group.list.hasNextPage && (
                      <div className="more">
                        <Button small busy={group.list.isFetchingNextPage} onClick={() => void group.list.fetchNextPage()}>
                          {t`Meer laden`}
                        </Button>
                      </div>
                    )}
                  </div>
                ),
            )}
          </nav>
          {current ? (
            <Reviewed key={current} id={current} onDecided={openNext} />
          ) : (
            <Empty icon="check-circle" title={t`Alles is beoordeeld`} />
          )}
        </div>
      )}
    </main>
  )
}

function QueueLink({ point, current }: { point: ActionPoint; current: boolean }) {
  const moment = point.state === 'submitted' ? (point.submittedAt ?? point.updatedAt) : (point.decidedAt ?? point.updatedAt)
  return (
    <Link to="/review" search={{ point: point.id }} activeOptions={{ exact: true }} aria-current={current ? 'true' : undefined}>
      <Glyph {...lookOf(point)} />
      <b>{point.title}</b>
      <time dateTime={moment}>
        {point.state === 'open' ? (point.askedAgain ? ago(point.updatedAt) : '') : point.decidedAt ? clock(moment) : ago(moment)}
      </time>
      <p>{[point.dossierName, noteOf(point)].filter(Boolean).join(', ')}</p>
    </Link>
  )
}

/** What else matters in the queue: the attempt, or how long there is still. */
function noteOf(point: ActionPoint): string {
  if (point.state === 'cancelled') return t`niet meer nodig`
  if (point.state === 'submitted') return point.round > 1 ? t`poging ${point.round}` : ''
  if (point.state !== 'open' || !point.dueOn) return ''
  const late = daysBetween(point.dueOn, localDay(new Date()))
  if (late === 1) return t`1 dag te laat`
  return late > 1 ? t`${late} dagen te laat` : t`vóór ${shortDay(point.dueOn)}`
}
