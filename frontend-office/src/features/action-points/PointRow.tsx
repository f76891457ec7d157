import { t } from '@lingui/core/macro'
import { Link } from '@tanstack/react-router'
import type { ActionPoint } from '#/api/generated/types.gen'
import { Button } from '#/components/Button'
import { Icon } from '#/components/Icon'
import { Menu, type MenuEntry } from '#/components/Menu'
import { Glyph, lookOf } from '#/components/Status'
import { day, dueTone, moment } from '#/lib/dates'
import { decider } from './decider'
import type { Doing } from './decisions'

/** Status, for whom, by when; and the verbs that fit the state. */
export function PointRow({
  point,
  isCursor,
  mayWrite,
  mayReview,
  busy,
  onApprove,
  onStart,
}: {
  point: ActionPoint
  isCursor: boolean
  mayWrite: boolean
  mayReview: boolean
  busy: boolean
  onApprove: () => void
  onStart: (doing: Doing) => void
}) {
  const look = lookOf(point)
  const latest = point.submissions.toSorted((a, b) => b.at.localeCompare(a.at))[0]
  const entries: MenuEntry[] = [
    ...(mayWrite ? [{ id: 'edit', label: t`Wijzigen`, icon: 'pencil-simple' as const, run: () => onStart({ what: 'edit', point }) }] : []),
    ...(mayReview && (point.state === 'approved' || point.state === 'rejected')
      ? [{ id: 'again', label: t`Vraag opnieuw`, icon: 'arrow-counter-clockwise' as const, run: () => onStart({ what: 'request', point }) }]
      : []),
    ...(mayWrite && point.state !== 'cancelled' && point.state !== 'approved'
      ? [{ id: 'cancel', label: t`Laten vervallen`, icon: 'trash' as const, danger: true, run: () => onStart({ what: 'cancel', point }) }]
      : []),
  ]
  return (
    <div className={isCursor ? 'rrow is-cursor' : 'rrow'} aria-current={isCursor ? 'true' : undefined}>
      <Glyph {...look} />
      <div className="fill">
        <b>{point.title}</b>
        <p className="meta-line">
          <span>{look.word}</span>
          {point.forApplicant && <span>{t`Voor ${point.forApplicant.firstName}`}</span>}
          {point.dueOn && point.state === 'open' && <span className={dueTone(point.dueOn)}>{t`Vóór ${day(point.dueOn)}`}</span>}
          {latest && point.state === 'submitted' && <span>{t`Ingediend door ${latest.byFirstName}, ${moment(latest.at)}`}</span>}
          {point.round > 1 && <span>{t`Poging ${point.round}`}</span>}
        </p>
        {point.rejection && point.state !== 'approved' && (
          <p className="remark-line quote">{t`${decider(point.rejection)}: ${point.rejection.reason}`}</p>
        )}
      </div>
      <div className="end">
        {point.state === 'submitted' && (
          <Link to="/review" search={{ point: point.id }} className="btn btn-quiet btn-sm">
            <Icon name="eye" />
            {t`Beoordelen`}
          </Link>
        )}
        {point.state === 'submitted' && mayReview && (
          <>
            <Button variant="quiet" small onClick={() => onStart({ what: 'reject', point })}>
              {t`Afkeuren`}
            </Button>
            <Button small icon="check" busy={busy} onClick={onApprove}>
              {t`Goedkeuren`}
            </Button>
          </>
        )}
        {entries.length > 0 && (
          <Menu label={t`Meer voor ${point.title}`} entries={entries}>
            <Icon name="dots-three" />
          </Menu>
        )}
      </div>
    </div>
  )
}
