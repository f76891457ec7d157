import { t } from '@lingui/core/macro'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { ActionPoint } from '#/api/generated/types.gen'
import { useCan } from '#/api/me'
import { Icon } from '#/components/Icon'
import { Menu } from '#/components/Menu'
import { Conflict, Mistake } from '#/components/States'
import { lookOf, Status } from '#/components/Status'
import { day, dueTone } from '#/lib/dates'
import { useHotkeys } from '#/lib/hooks'
import { focusIn } from '#/lib/keys'
import { useDecisions } from './decisions'
import { laneOf, movesOf, type LaneKey, type Move } from './moves'
import { RejectDialog } from './RejectDialog'
import { RequestDialog } from './RequestDialog'

const cards = () => [...document.querySelectorAll<HTMLElement>('.board [data-point]')]

/** Four columns by whose turn it is. A card moves by dragging it, by its menu, or with M. */
export function PointsBoard({
  points,
  acrossDossiers,
  doneTitle,
  closed,
}: {
  points: ActionPoint[]
  acrossDossiers?: boolean
  doneTitle?: string
  /** Of a dossier in which nothing changes any more. */
  closed?: boolean
}) {
  const mayWrite = useCan('action_point:write')
  const mayReview = useCan('action_point:review')
  const may = { write: mayWrite && !closed, review: mayReview && !closed }
  const [dragged, setDragged] = useState<ActionPoint>()
  const [over, setOver] = useState<LaneKey>()
  const [menu, setMenu] = useState<string>()
  const [asking, setAsking] = useState<{ what: 'reject' | 'request'; point: ActionPoint }>()
  const decisions = useDecisions(() => setAsking(undefined))
  const lanes: { key: LaneKey; title: string }[] = [
    { key: 'customer', title: t`Bij klant` },
    { key: 'office', title: t`Aangeleverd` },
    { key: 'again', title: t`Opnieuw gevraagd` },
    { key: 'done', title: doneTitle ?? t`Klaar` },
  ]
  const titleOf = (lane: LaneKey) => lanes.find((one) => one.key === lane)?.title ?? ''
  const run = (point: ActionPoint, move: Move) => {
    decisions.reset()
    if (move.what === 'approve') decisions.approve(point)
    else setAsking({ what: move.what, point })
  }
  const step = (by: number) => {
    const all = cards()
    const at = all.findIndex((card) => card.contains(document.activeElement))
    focusIn(all[Math.min(all.length - 1, Math.max(0, at + by))])
  }
  useHotkeys({
    j: () => step(1),
    k: () => step(-1),
    m: () => setMenu(cards().find((card) => card.contains(document.activeElement))?.dataset['point']),
  })
  const allowed = dragged ? movesOf(dragged, may) : []
  const canMove = points.some((point) => movesOf(point, may).length > 0)
  return (
    <>
      {(canMove || decisions.stale || decisions.error) && (
        <div className="board-head">
          {canMove && (
            <p className="caption">{t`Sleep een kaart naar een andere kolom. Met J en K kies je een kaart, met M verplaats je hem.`}</p>
          )}
          {!asking && decisions.stale && <Conflict error={decisions.problem} onReload={() => decisions.reload()} />}
          {!asking && <Mistake error={decisions.error} />}
        </div>
      )}
      <div className="board">
        {lanes.map((lane) => {
          const inLane = points.filter((point) => laneOf(point) === lane.key)
          const move = allowed.find((one) => one.to === lane.key)
          return (
            // Dragging is the mouse's way; the menu of the card and M are the others.
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
            <section
              key={lane.key}
              className={['lane', move && 'is-open', move && over === lane.key && 'is-over'].filter(Boolean).join(' ')}
              aria-label={lane.title}
              onDragOver={(event) => {
                if (!move) return
                event.preventDefault()
                setOver(lane.key)
              }}
              onDragLeave={() => setOver(undefined)}
              onDrop={(event) => {
                event.preventDefault()
                if (dragged && move) run(dragged, move)
                setDragged(undefined)
                setOver(undefined)
              }}
            >
              <h2>
                <span>{lane.title}</span>
                <span>{inLane.length}</span>
              </h2>
              {inLane.map((point) => {
                const moves = movesOf(point, may)
                return (
                  // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
                  <article
                    key={point.id}
                    className={dragged?.id === point.id ? 'card is-dragged' : 'card'}
                    data-point={point.id}
                    draggable={moves.length > 0}
                    onDragStart={(event) => {
                      event.dataTransfer.effectAllowed = 'move'
                      event.dataTransfer.setData('text/plain', point.title)
                      setDragged(point)
                    }}
                    onDragEnd={() => setDragged(undefined)}
                  >
                    <div className="card-top">
                      <b>
                        {point.state === 'submitted' || acrossDossiers ? (
                          <Link to="/review" search={{ point: point.id }} draggable={false}>
                            {point.title}
                          </Link>
                        ) : (
                          point.title
                        )}
                      </b>
                      {moves.length > 0 && (
                        <Menu
                          label={t`Verplaats ${point.title}`}
                          open={menu === point.id}
                          onOpen={(open) => setMenu(open ? point.id : undefined)}
                          entries={moves.map((one) => ({
                            id: one.to,
                            label: t`Naar ${titleOf(one.to)}`,
                            icon: one.what === 'approve' ? ('check' as const) : ('arrow-counter-clockwise' as const),
                            run: () => run(point, one),
                          }))}
                        >
                          <Icon name="dots-three" />
                        </Menu>
                      )}
                    </div>
                    <span className="faint">
                      {[acrossDossiers && point.dossierName, point.productName, point.forApplicant?.firstName].filter(Boolean).join(', ')}
                    </span>
                    <Status look={lookOf(point)} />
                    {point.dueOn && point.state === 'open' && <span className={dueTone(point.dueOn)}>{t`Vóór ${day(point.dueOn)}`}</span>}
                  </article>
                )
              })}
            </section>
          )
        })}
      </div>
      {asking?.what === 'reject' && <RejectDialog point={asking.point} decisions={decisions} onClose={() => setAsking(undefined)} />}
      {asking?.what === 'request' && <RequestDialog point={asking.point} decisions={decisions} onClose={() => setAsking(undefined)} />}
    </>
  )
}
