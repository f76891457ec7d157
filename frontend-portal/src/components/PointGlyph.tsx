import { t } from '@lingui/core/macro'
import type { ActionPointSummary } from '#/api/generated/types.gen'
import { Icon } from './Icon'

type Stateful = Pick<ActionPointSummary, 'state' | 'askedAgain'>

/** Shape, colour and word together; never colour alone. */
export function PointGlyph({ point }: { point: Stateful }) {
  const [tone, icon] =
    point.state === 'submitted'
      ? (['g-wait', 'clock-bold'] as const)
      : point.state === 'approved'
        ? (['g-ok', 'check-bold'] as const)
        : point.state === 'rejected' || point.state === 'cancelled'
          ? (['g-stop', 'x-bold'] as const)
          : point.askedAgain
            ? (['g-redo', 'arrow-counter-clockwise-bold'] as const)
            : (['g-open', undefined] as const)
  return (
    <span className={`glyph ${tone}`} aria-hidden="true">
      {icon && <Icon name={icon} />}
    </span>
  )
}

export function PointState({ point }: { point: Stateful }) {
  const [tone, word] =
    point.state === 'submitted'
      ? ['st-wait', t`In beoordeling`]
      : point.state === 'approved'
        ? ['st-ok', t`Goedgekeurd`]
        : point.state === 'rejected'
          ? ['st-stop', t`Afgekeurd`]
          : point.state === 'cancelled'
            ? ['st-open', t`Vervallen`]
            : point.askedAgain
              ? ['st-redo', t`Opnieuw gevraagd`]
              : ['st-open', t`Open`]
  return <span className={`${tone} strong`}>{word}</span>
}
