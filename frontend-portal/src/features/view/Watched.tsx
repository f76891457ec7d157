import { t } from '@lingui/core/macro'
import { useInfiniteQuery } from '@tanstack/react-query'
import { listMyViewsInfiniteOptions } from '#/api/generated/@tanstack/react-query.gen'
import type { Site, Watched as Look } from '#/api/generated/types.gen'
import { Button } from '#/components/Button'
import { Mistake } from '#/components/States'
import { clock, moment } from '#/lib/dates'
import { fullName } from '#/lib/text'

/** Who of the office looked along, when and why (F4). */
export function Watched({ site }: { site: Site }) {
  const list = useInfiniteQuery({
    ...listMyViewsInfiniteOptions({ query: { limit: 10 } }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? null,
  })
  const looks = list.data?.pages.flatMap((page) => page.items)
  return (
    <section className="sec" aria-labelledby="watched">
      <header>
        <h2 id="watched">{t`Wie keek mee`}</h2>
      </header>
      <div className="set" aria-busy={list.isPending}>
        {list.isPending && (
          <div className="set-row" role="status">
            <p>{t`Bezig met laden`}</p>
          </div>
        )}
        {list.isError && !looks && (
          <div className="set-row">
            <Mistake error={list.error} />
            <Button small onClick={() => void list.refetch()}>
              {t`Opnieuw proberen`}
            </Button>
          </div>
        )}
        {looks?.length === 0 && (
          <div className="set-row">
            <p>{t`Er heeft nog niemand meegekeken.`}</p>
          </div>
        )}
        {looks?.map((look) => (
          <div className="set-row" key={look.id}>
            <div>
              <h3>{t`${fullName(look)} van ${site.name}`}</h3>
              <p>{span(look)}</p>
              <p>{t`Reden: ${look.reason}`}</p>
            </div>
          </div>
        ))}
        {list.hasNextPage && (
          <div className="set-row">
            <Button small busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              {t`Toon eerdere`}
            </Button>
          </div>
        )}
      </div>
      <p className="hint">{t`Een medewerker van ${site.name} kan je portaal bekijken zoals jij het ziet, een half uur en met een reden. Wijzigen kan dan niet.`}</p>
    </section>
  )
}

/** From when to when; of one that may go on still, until when at most. */
function span(look: Look): string {
  const from = moment(look.startedAt)
  if (look.endedAt) return t`${from} tot ${clock(look.endedAt)}`
  return t`${from}, tot uiterlijk ${clock(look.expiresAt)}`
}
