import { t } from '@lingui/core/macro'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { listDossierActionPointsInfiniteOptions } from '#/api/generated/@tanstack/react-query.gen'
import type { Dossier } from '#/api/generated/types.gen'
import { useCan } from '#/api/me'
import { Button } from '#/components/Button'
import { ConfirmDialog } from '#/components/Dialog'
import { Icon } from '#/components/Icon'
import { Conflict, Empty, Failed, Mistake, SkeletonRows } from '#/components/States'
import { useHotkeys } from '#/lib/hooks'
import { useDecisions, type Doing } from './decisions'
import { EditDialog } from './EditDialog'
import { PointRow } from './PointRow'
import { PointsBoard } from './PointsBoard'
import { RejectDialog } from './RejectDialog'
import { RequestDialog } from './RequestDialog'

/** All that is asked in a dossier, per product or as a board by whose turn it is. */
export function PointsTab({ dossier, onAdd }: { dossier: Dossier; onAdd: () => void }) {
  const navigate = useNavigate()
  const isOpen = dossier.status === 'open'
  const may = { write: useCan('action_point:write'), review: useCan('action_point:review') }
  const mayWrite = may.write && isOpen
  const mayReview = may.review && isOpen
  const [board, setBoard] = useState(false)
  const [cursor, setCursor] = useState(-1)
  const [doing, setDoing] = useState<Doing>()
  const decisions = useDecisions(() => setDoing(undefined))
  const list = useInfiniteQuery({
    ...listDossierActionPointsInfiniteOptions({ path: { dossierId: dossier.id }, query: { limit: 200 } }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? null,
  })
  const points = list.data?.pages.flatMap((page) => page.items) ?? []
  const groups = [
    ...dossier.products.map((product) => ({
      id: product.id,
      name: product.name,
      points: points.filter((point) => point.productId === product.id),
    })),
    { id: 'all', name: t`Hele dossier`, points: points.filter((point) => !point.productId) },
  ].filter((group) => group.points.length > 0)
  const order = groups.flatMap((group) => group.points)
  const current = order[cursor]
  const start = (next: Doing) => {
    decisions.reset()
    setDoing(next)
  }
  const move = (by: number) => setCursor(Math.min(order.length - 1, Math.max(0, cursor + by)))
  useHotkeys(
    {
      j: () => move(1),
      k: () => move(-1),
      b: () => void navigate({ to: '/review', search: current?.state === 'submitted' ? { point: current.id } : {} }),
      g: () => current?.state === 'submitted' && mayReview && decisions.approve(current),
      x: () => current?.state === 'submitted' && mayReview && start({ what: 'reject', point: current }),
      o: () => current && current.state !== 'open' && mayReview && start({ what: 'request', point: current }),
    },
    !board,
  )
  if (list.isPending) return <SkeletonRows />
  if (list.isError) return <Failed error={list.error} retry={() => void list.refetch()} />

  return (
    <div className="tab-page">
      <div className="filters">
        <div className="segment" role="group" aria-label={t`Weergave`}>
          <button type="button" aria-pressed={!board} onClick={() => setBoard(false)}>
            <Icon name="rows" />
            {t`Lijst`}
          </button>
          <button type="button" aria-pressed={board} onClick={() => setBoard(true)}>
            <Icon name="kanban" />
            {t`Bord`}
          </button>
        </div>
        {!doing && decisions.stale && <Conflict error={decisions.problem} onReload={() => decisions.reload()} />}
        {!doing && <Mistake error={decisions.error} />}
        {!may.write && <span className="caption push">{t`Je kijkt mee: je rol mag niets wijzigen.`}</span>}
      </div>
      {/* What scrolls must be reachable by keyboard, also for a role without buttons. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="scroll" tabIndex={0} role="region" aria-label={t`Actiepunten`}>
        {points.length === 0 ? (
          <Empty icon="list-checks" title={t`Nog niets gevraagd`}>
            <p>{t`Kies uit de lijst met wat je vaak vraagt. De klant ziet het meteen in het portaal.`}</p>
            {mayWrite && (
              <Button variant="primary" icon="plus" onClick={onAdd}>
                {t`Actiepunt`}
              </Button>
            )}
          </Empty>
        ) : board ? (
          <PointsBoard points={points} closed={!isOpen} />
        ) : (
          <div className="c-main points form-page">
            {groups.map((group) => (
              <section key={group.id} aria-labelledby={`g-${group.id}`}>
                <h2 id={`g-${group.id}`}>{group.name}</h2>
                <div className="rows">
                  {group.points.map((point) => (
                    <PointRow
                      key={point.id}
                      point={point}
                      isCursor={point === current}
                      mayWrite={mayWrite}
                      mayReview={mayReview}
                      busy={decisions.busy}
                      onApprove={() => decisions.approve(point)}
                      onStart={start}
                    />
                  ))}
                </div>
              </section>
            ))}
            {list.hasNextPage && (
              <div className="more">
                <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t`Meer laden`}</Button>
              </div>
            )}
          </div>
        )}
      </div>
      {doing?.what === 'reject' && <RejectDialog point={doing.point} decisions={decisions} onClose={() => setDoing(undefined)} />}
      {doing?.what === 'request' && <RequestDialog point={doing.point} decisions={decisions} onClose={() => setDoing(undefined)} />}
      {doing?.what === 'edit' && <EditDialog point={doing.point} dossier={dossier} onClose={() => setDoing(undefined)} />}
      {doing?.what === 'cancel' && (
        <ConfirmDialog
          title={t`${doing.point.title} laten vervallen?`}
          isOpen
          onClose={() => setDoing(undefined)}
          confirm={t`Laten vervallen`}
          danger
          busy={decisions.busy}
          onConfirm={() => decisions.cancel(doing.point)}
        >
          {decisions.stale && (
            <Conflict
              error={decisions.problem}
              onReload={async () => {
                const point = await decisions.reload(doing.point)
                if (point) setDoing({ ...doing, point })
              }}
            />
          )}
          <p>{t`De klant ziet dit actiepunt niet meer, en het telt niet meer mee in de voortgang.`}</p>
          <Mistake error={decisions.error} />
        </ConfirmDialog>
      )}
    </div>
  )
}
