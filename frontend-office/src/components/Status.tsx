import { t } from '@lingui/core/macro'
import { Icon } from './Icon'
import type { IconName } from './icons'

export type ActionPointState = 'open' | 'submitted' | 'approved' | 'rejected' | 'cancelled'
type Look = { tone: 'open' | 'wait' | 'ok' | 'stop' | 'redo'; icon?: IconName; word: string }

export function lookOf(point: { state: ActionPointState; askedAgain?: boolean | undefined }): Look {
  switch (point.state) {
    case 'submitted':
      return { tone: 'wait', icon: 'clock-bold', word: t`In beoordeling` }
    case 'approved':
      return { tone: 'ok', icon: 'check-bold', word: t`Goedgekeurd` }
    case 'rejected':
      return { tone: 'stop', icon: 'x-bold', word: t`Afgekeurd` }
    case 'cancelled':
      return { tone: 'stop', icon: 'x-bold', word: t`Vervallen` }
    case 'open':
      return point.askedAgain
        ? { tone: 'redo', icon: 'arrow-counter-clockwise-bold', word: t`Opnieuw gevraagd` }
        : { tone: 'open', word: t`Open` }
  }
}

export function Glyph({ tone, icon }: { tone: Look['tone']; icon?: IconName | undefined }) {
  return (
    <span className={`glyph g-${tone}`} aria-hidden="true">
      {icon && <Icon name={icon} />}
    </span>
  )
}

/** Shape, colour and word together. */
export function Status({ look, children }: { look: Look; children?: string }) {
  return (
    <span className={`status st-${look.tone}`}>
      <Glyph {...look} />
      {children ?? look.word}
    </span>
  )
}
