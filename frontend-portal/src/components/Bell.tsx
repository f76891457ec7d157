import { plural } from '@lingui/core/macro'
import { Icon } from './Icon'

/** The brass pill: how much waits for the customer. None is no bell (B5). */
export function Bell({ count }: { count: number }) {
  if (count === 0) return null
  return (
    <span className="bell">
      <Icon name="bell-fill" />
      <span aria-hidden="true">{count}</span>
      <span className="sr">, {plural(count, { one: '# open actiepunt', other: '# open actiepunten' })}</span>
    </span>
  )
}
