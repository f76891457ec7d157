import { t } from '@lingui/core/macro'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { getDossierCountsOptions, listDossiersInfiniteOptions } from '#/api/generated/@tanstack/react-query.gen'
import { useCan } from '#/api/me'
import { Button } from '#/components/Button'
import { Icon } from '#/components/Icon'
import { Empty, Failed, SkeletonRows } from '#/components/States'
import { useHotkeys, useTitle } from '#/lib/hooks'
import { DossierFilters } from './DossierFilters'
import { DossierTable } from './DossierTable'
import { queryOf, type DossierSearch, type View } from './search'

export function DossiersPage({ search, onSearch }: { search: DossierSearch; onSearch: (next: DossierSearch) => void }) {
  useTitle(t`Dossiers`)
  const navigate = useNavigate()
  const mayWrite = useCan('dossier:write')
  const counts = useQuery(getDossierCountsOptions()).data
  const list = useInfiniteQuery({
    ...listDossiersInfiniteOptions({ query: { ...queryOf(search), limit: 50 } }),
    initialPageParam: {},
    getNextPageParam: (page) => page.nextCursor ?? null,
    placeholderData: keepPreviousData,
  })
  const dossiers = list.data?.pages.flatMap((page) => page.items) ?? []
  const filtered = Object.keys(search).length > 0
  useHotkeys({ n: () => void navigate({ to: '/dossiers/new' }) }, mayWrite)

  return (
    <main className="main" id="inhoud">
      <header className="bar-top">
        <h1>{t`Dossiers`}</h1>
        <div className="end">
          {mayWrite ? (
            <Link to="/dossiers/new" className="btn btn-primary" aria-keyshortcuts="N">
              <Icon name="plus" />
              {t`Nieuw dossier`}
              <kbd aria-hidden="true">N</kbd>
            </Link>
          ) : (
            <span className="caption">{t`Je kijkt mee: je rol mag niets wijzigen.`}</span>
          )}
        </div>
      </header>
      <div className="list-page">
        <nav className="views" aria-label={t`Weergaven`}>
          <ViewLink view="all" search={search} label={t`Alle dossiers`} count={counts?.all} />
          <ViewLink view="review" search={search} label={t`Te beoordelen`} count={counts?.toReview} />
          <ViewLink view="customer" search={search} label={t`Wacht op klant`} count={counts?.waitingForCustomer} />
          <ViewLink view="due" search={search} label={t`Deadline deze week`} count={counts?.due} />
          <ViewLink view="inactive" search={search} label={t`Portaal niet actief`} count={counts?.portalInactive} />
        </nav>
        <DossierFilters search={search} onSearch={onSearch} />
        {/* A region that scrolls must be reachable by keyboard. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <div className="scroll" tabIndex={0} role="region" aria-label={t`Dossiers`}>
          {list.isPending ? (
            <SkeletonRows rows={10} />
          ) : list.isError ? (
            <Failed error={list.error} retry={() => void list.refetch()} />
          ) : dossiers.length === 0 ? (
            filtered ? (
              <Empty icon="magnifying-glass" title={t`Geen dossier past hierbij`}>
                <Button onClick={() => onSearch({})}>{t`Wis alle filters`}</Button>
              </Empty>
            ) : (
              <Empty icon="folder-simple-user" title={t`Nog geen dossiers`}>
                <p>{t`Maak het eerste dossier. Daarna vraag je de stukken op en nodig je de klant uit.`}</p>
              </Empty>
            )
          ) : (
            <>
              <DossierTable dossiers={dossiers} />
              {list.hasNextPage && (
                <div className="more">
                  <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                    {t`Meer laden`}
                  </Button>
                </div>
              )}
            </>
          )}
        </div>
      </div>
    </main>
  )
}

function ViewLink({ view, search, label, count }: { view: View; search: DossierSearch; label: string; count: number | undefined }) {
  const { view: current = 'all', ...filters } = search
  return (
    <Link
      to="/dossiers"
      search={view === 'all' ? filters : { ...filters, view }}
      activeOptions={{ exact: true }}
      aria-current={view === current ? 'page' : undefined}
    >
      {label}
      {count !== undefined && <span className="n">{count}</span>}
    </Link>
  )
}
