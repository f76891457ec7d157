import { t } from '@lingui/core/macro'
import { Icon } from './Icon'

/** How much waits for the office. Zero shows nothing. */
export function Bell({ count }: { count: number }) {
  if (count === 0) return null
  return (
    <span className="bell">
      <Icon name="bell-fill" />
      <span aria-hidden="true">{count}</span>
      <span className="sr">{t`, ${count} te beoordelen`}</span>
    </span>
  )
}
