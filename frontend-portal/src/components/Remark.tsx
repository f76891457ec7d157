import { t } from '@lingui/core/macro'
import type { ReactNode } from 'react'
import { shortDay } from '#/lib/dates'
import { Portrait } from './Person'

/** What someone wrote: brass when something is asked, brick when it is not. */
export function Remark({ by, at, tone = 'turn', children }: { by: string; at: string; tone?: 'turn' | 'stop'; children: ReactNode }) {
  const on = shortDay(at)
  return (
    <figure className={tone === 'stop' ? 'remark remark-stop' : 'remark'}>
      <Portrait name={by} />
      <figcaption>{t`${by} schreef op ${on}`}</figcaption>
      <blockquote>{typeof children === 'string' ? <p>{children}</p> : children}</blockquote>
    </figure>
  )
}
