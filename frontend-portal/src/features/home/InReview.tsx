import { t } from '@lingui/core/macro'
import type { ActionPointSummary } from '#/api/generated/types.gen'
import { PointRow } from '#/components/PointRow'

/** What the office has to look at now: nothing is asked of the customer here. */
export function InReview({
  points,
  slug,
  productName,
}: {
  points: ActionPointSummary[]
  slug: string
  productName?: (id: string | undefined) => string | undefined
}) {
  if (points.length === 0) return null
  return (
    <section className="sec" aria-labelledby="h-wij">
      <header>
        <h2 id="h-wij">{t`Wij kijken ernaar`}</h2>
        <span className="end faint">{points.length}</span>
      </header>
      <ul className="todos">
        {points.map((point) => (
          <PointRow key={point.id} point={point} slug={slug} product={productName?.(point.productId)} />
        ))}
      </ul>
    </section>
  )
}
