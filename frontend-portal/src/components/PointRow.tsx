import { t } from '@lingui/core/macro'
import { Link } from '@tanstack/react-router'
import type { ActionPointSummary } from '#/api/generated/types.gen'
import { dueTone, longDay, shortDay } from '#/lib/dates'
import { writes } from '#/lib/looking'
import { reasonText } from '#/lib/reasons'
import { Icon } from './Icon'
import { PointGlyph, PointState } from './PointGlyph'
import { Remark } from './Remark'

type Props = {
  point: ActionPointSummary
  slug: string
  /** Shown where points of several products stand together. */
  product?: string | undefined
  /** Unfolded: remark, explanation and the button. */
  open?: boolean
  /** The one filled button of its block. */
  next?: boolean
  level?: 2 | 3
  /** Only for who may hand in. */
  onDeliver?: ((id: string) => void) | undefined
}

/** An action point as the customer sees it: a row that opens, or unfolded with its one next step. */
export function PointRow({ point, slug, product, open = false, next = false, onDeliver }: Props) {
  const page = { to: '/$slug/action-points/$actionPointId', params: { slug, actionPointId: point.id } } as const
  const asked = point.state === 'open'
  const done = point.state === 'approved'
  return (
    <li className={['todo', next ? 'next' : '', done ? 'is-done' : ''].filter(Boolean).join(' ')}>
      <PointGlyph point={point} />
      <h3>
        {open ? (
          <Link {...page}>{point.title}</Link>
        ) : (
          <Link className="cover" {...page}>
            {point.title}
          </Link>
        )}
      </h3>
      {!open && (
        <span className="go" aria-hidden="true">
          <Icon name="caret-right" small />
        </span>
      )}
      <p className="meta">
        {(!asked || point.askedAgain) && <PointState point={point} />}
        {product && <span>{product}</span>}
        {point.forApplicant && <span>{t`Voor ${point.forApplicant.firstName}`}</span>}
        <When point={point} />
      </p>
      {open && asked && point.rejection && (
        <Remark by={point.rejection.byFirstName} at={point.rejection.at} tone="turn">
          {reasonText(point.rejection)}
        </Remark>
      )}
      {open && !point.rejection && point.explanation && <p className="desc">{point.explanation}</p>}
      {open && asked && onDeliver && (
        <div className="acts">
          <button
            type="button"
            className={next ? 'btn btn-primary' : 'btn btn-secondary'}
            {...writes()}
            onClick={() => onDeliver(point.id)}
          >
            <Icon name="upload-simple" />
            {t`Nu aanleveren`}
            <span className="sr">: {point.title}</span>
          </button>
          {point.lastSubmission && (
            <Link className="btn btn-quiet" {...page}>
              {t`Bekijk wat ik stuurde`}
            </Link>
          )}
        </div>
      )}
    </li>
  )
}

function When({ point }: { point: ActionPointSummary }) {
  if (point.state === 'submitted' && point.submittedAt) return <span>{t`Ingediend op ${shortDay(point.submittedAt)}`}</span>
  if (point.state === 'approved' && point.decidedAt) return <span>{shortDay(point.decidedAt)}</span>
  if (point.state !== 'open') return null
  if (!point.dueOn) return <span>{t`Geen haast`}</span>
  const tone = dueTone(point.dueOn)
  if (tone === 'late') return <span className="late">{t`Had ${longDay(point.dueOn)} binnen moeten zijn`}</span>
  return <span className={tone === 'soon' ? 'due' : ''}>{t`Vóór ${longDay(point.dueOn)}`}</span>
}
