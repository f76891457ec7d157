import { t } from '@lingui/core/macro'
import { keepPreviousData, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { createTestClientMutation, listClientsInfiniteOptions } from '#/api/generated/@tanstack/react-query.gen'
import { useCan } from '#/api/me'
import { Button } from '#/components/Button'
import { Icon } from '#/components/Icon'
import { Empty, Failed, Mistake, SkeletonRows } from '#/components/States'
import { shortDay } from '#/lib/dates'
import { useDebounced, useTitle } from '#/lib/hooks'
import { fullName } from '#/lib/text'
import { clientKindWord } from '#/lib/words'

export function ClientsPage({ q, onSearch }: { q: string; onSearch: (q: string) => void }) {
  useTitle(t`Klanten`)
  const [typed, setTyped] = useState(q)
  const settled = useDebounced(typed.trim())
  const latest = useRef({ q, onSearch })
  useEffect(() => {
    latest.current = { q, onSearch }
  })
  useEffect(() => {
    if (settled !== latest.current.q) latest.current.onSearch(settled)
  }, [settled])
  const list = useInfiniteQuery({
    ...listClientsInfiniteOptions({ query: { ...(q ? { q } : {}), limit: 50 } }),
    initialPageParam: {},
    getNextPageParam: (page) => page.nextCursor ?? null,
    placeholderData: keepPreviousData,
  })
  const clients = list.data?.pages.flatMap((page) => page.items) ?? []
  const mayTest = useCan('dossier:write')
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const create = useMutation({
    ...createTestClientMutation(),
    onSuccess: (client) => {
      void queryClient.invalidateQueries()
      void navigate({ to: '/clients/$clientId', params: { clientId: client.id } })
    },
  })
  return (
    <main className="main" id="inhoud">
      <header className="bar-top">
        <h1>{t`Klanten`}</h1>
        {mayTest && list.isSuccess && !q && !clients.some((client) => client.isTest) && (
          <div className="end">
            <Button icon="flask" busy={create.isPending} onClick={() => create.mutate({})}>
              {t`Testklant maken`}
            </Button>
          </div>
        )}
      </header>
      <Mistake error={create.error} />
      <div className="tab-page">
        <div className="filters" role="search">
          <div className="find">
            <Icon name="magnifying-glass" />
            <input
              className="input"
              type="search"
              maxLength={100}
              aria-label={t`Zoek op naam of e-mailadres`}
              placeholder={t`Naam of e-mailadres`}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          </div>
        </div>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <div className="scroll" tabIndex={0} role="region" aria-label={t`Klanten`}>
          {list.isPending ? (
            <SkeletonRows rows={10} />
          ) : list.isError ? (
            <Failed error={list.error} retry={() => void list.refetch()} />
          ) : clients.length === 0 ? (
            <Empty icon="address-book" title={q ? t`Geen klant past hierbij` : t`Nog geen klanten`}>
              {!q && <p>{t`Een klant maak je samen met het eerste dossier.`}</p>}
            </Empty>
          ) : (
            <>
              <table className="grid">
                <thead>
                  <tr>
                    <th scope="col">{t`Klant`}</th>
                    <th scope="col">{t`Soort`}</th>
                    <th scope="col">{t`Contactpersonen`}</th>
                    <th scope="col" className="num">{t`Klant sinds`}</th>
                  </tr>
                </thead>
                <tbody>
                  {clients.map((client) => (
                    <tr key={client.id}>
                      <td className="lead">
                        <span className="lead-cell">
                          <Link to="/clients/$clientId" params={{ clientId: client.id }}>
                            {client.name}
                          </Link>
                          {client.isTest && (
                            <span className="tag tag-wait">
                              <Icon name="flask" small />
                              {t`Test`}
                            </span>
                          )}
                        </span>
                      </td>
                      <td className="muted" data-label={t`Soort`}>
                        {clientKindWord(client.kind)}
                      </td>
                      <td className="muted wrap" data-label={t`Contactpersonen`}>
                        {client.contacts.map(fullName).join(', ')}
                      </td>
                      <td className="faint num" data-label={t`Klant sinds`}>
                        {shortDay(client.createdAt)}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
              {list.hasNextPage && (
                <div className="more">
                  <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t`Meer laden`}</Button>
                </div>
              )}
            </>
          )}
        </div>
      </div>
    </main>
  )
}
