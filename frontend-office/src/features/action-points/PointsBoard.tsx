import { t } from '@lingui/core/macro'
import { Link } from '@tanstack/react-router'
import type { ActionPoint } from '#/api/generated/types.gen'
import { lookOf, Status } from '#/components/Status'
import { day, dueTone } from '#/lib/dates'

/** Four columns by whose turn it is. */
export function PointsBoard({ points }: { points: ActionPoint[] }) {
  const lanes = [
    { key: 'customer', title: t`Bij klant`, points: points.filter((point) => point.state === 'open' && !point.askedAgain) },
    { key: 'office', title: t`Aangeleverd`, points: points.filter((point) => point.state === 'submitted') },
    { key: 'again', title: t`Opnieuw gevraagd`, points: points.filter((point) => point.state === 'open' && point.askedAgain) },
    { key: 'done', title: t`Klaar`, points: points.filter((point) => point.state !== 'open' && point.state !== 'submitted') },
  ]
  return (
    <div className="board">
      {lanes.map((lane) => (
        <section key={lane.key} className="lane" aria-label={lane.title}>
          <h2>
            <span>{lane.title}</span>
            <span>{lane.points.length}</span>
          </h2>
          {lane.points.map((point) => (
            <article key={point.id} className="card">
              <b>
                {point.state === 'submitted' ? (
                  <Link to="/review" search={{ point: point.id }}>
                    {point.title}
                  </Link>
                ) : (
                  point.title
                )}
              </b>
              <span className="faint">{[point.productName, point.forApplicant?.firstName].filter(Boolean).join(', ')}</span>
              <Status look={lookOf(point)} />
              {point.dueOn && point.state === 'open' && <span className={dueTone(point.dueOn)}>{t`Vóór ${day(point.dueOn)}`}</span>}
            </article>
          ))}
        </section>
      ))}
    </div>
  )
}
