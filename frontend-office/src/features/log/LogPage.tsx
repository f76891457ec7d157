import { t } from '@lingui/core/macro'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { listAuditEventsInfiniteOptions } from '#/api/generated/@tanstack/react-query.gen'
import type { AuditEvent } from '#/api/generated/types.gen'
import { Button } from '#/components/Button'
import { Icon } from '#/components/Icon'
import { Menu } from '#/components/Menu'
import { Empty, Failed, Mistake, SkeletonRows } from '#/components/States'
import { clock, shortDay } from '#/lib/dates'
import { useTitle } from '#/lib/hooks'
import { lineOf } from '#/lib/lines'
import { fullName } from '#/lib/text'
import { LogFilters } from './LogFilters'
import { queryOf, type LogSearch } from './search'
import { useExport } from './useExport'

/** Everything that happened in the office, newest first. Nobody can change a line of it unseen. */
export function LogPage({ search, onSearch }: { search: LogSearch; onSearch: (next: LogSearch) => void }) {
  useTitle(t`Logboek`)
  const list = useInfiniteQuery({
    ...listAuditEventsInfiniteOptions({ query: { ...queryOf(search), limit: 50 } }),
    initialPageParam: {},
    getNextPageParam: (page) => page.nextCursor ?? null,
    placeholderData: keepPreviousData,
  })
  const save = useExport(search)
  const events = list.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <main className="main" id="inhoud">
      <header className="bar-top">
        <h1>{t`Logboek`}</h1>
        <div className="end">
          {save.isError && <Mistake error={save.error} />}
          <Menu
            label={t`Exporteren als`}
            named
            className="btn btn-secondary"
            entries={[
              { id: 'csv', label: t`CSV, voor een rekenblad`, icon: 'file-text', run: () => save.mutate('csv') },
              { id: 'json', label: t`JSON, voor een programma`, icon: 'file-text', run: () => save.mutate('json') },
            ]}
          >
            {save.isPending ? <span className="spin" aria-hidden="true" /> : <Icon name="download-simple" />}
            {t`Exporteren`}
          </Menu>
        </div>
      </header>
      <div className="tab-page">
        <LogFilters search={search} onSearch={onSearch} />
        {/* A region that scrolls must be reachable by keyboard. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <div className="scroll" tabIndex={0} role="region" aria-label={t`Logboek`}>
          {list.isPending ? (
            <SkeletonRows rows={10} />
          ) : list.isError ? (
            <Failed error={list.error} retry={() => void list.refetch()} />
          ) : events.length === 0 ? (
            Object.keys(search).length > 0 ? (
              <Empty icon="magnifying-glass" title={t`Niets in het logboek past hierbij`}>
                <Button onClick={() => onSearch({})}>{t`Wis alle filters`}</Button>
              </Empty>
            ) : (
              <Empty icon="scroll" title={t`Er is nog niets gebeurd`} />
            )
          ) : (
            <>
              <table className="grid log">
                <thead>
                  <tr>
                    <th scope="col">{t`Wanneer`}</th>
                    <th scope="col">{t`Wie en wat`}</th>
                    <th scope="col">{t`Over`}</th>
                    <th scope="col" className="num">{t`Nummer`}</th>
                  </tr>
                </thead>
                <tbody>
                  {events.map((event) => (
                    <Row key={event.number} event={event} />
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

function Row({ event }: { event: AuditEvent }) {
  const line = lineOf(event)
  return (
    <tr>
      <td className="muted" data-label={t`Wanneer`}>
        <time dateTime={event.at}>
          {shortDay(event.at)} {clock(event.at)}
        </time>
      </td>
      <td className="wrap what">
        <span className={line.tone}>
          <Icon name={line.icon} small />
        </span>
        <b>{actorOf(event)}</b> {line.text}
        {line.quote && <q>{line.quote}</q>}
        {event.erased && <span className="faint"> {t`(de inhoud is gewist)`}</span>}
      </td>
      <td className="muted wrap" data-label={t`Over`}>
        <About event={event} />
      </td>
      <td className="faint num" data-label={t`Nummer`} title={event.hash}>
        {event.number}
      </td>
    </tr>
  )
}

const actorOf = ({ actor }: AuditEvent): string => fullName(actor) || (actor.kind === 'system' ? t`Voordeur` : t`Iemand`)

/** The dossier or the client that it was about, where there is one to go to. */
function About({ event }: { event: AuditEvent }) {
  if (event.dossierId && event.dossierName) {
    return (
      <Link to="/dossiers/$dossierId" params={{ dossierId: event.dossierId }}>
        {event.dossierName}
      </Link>
    )
  }
  if (event.clientId) {
    return (
      <Link to="/clients/$clientId" params={{ clientId: event.clientId }}>
        {event.subjectName}
      </Link>
    )
  }
  return event.subjectName ?? null
}
