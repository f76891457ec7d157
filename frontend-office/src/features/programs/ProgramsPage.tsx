import { t } from '@lingui/core/macro'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { listApiClientsInfiniteOptions } from '#/api/generated/@tanstack/react-query.gen'
import type { ApiClient, ApiClientSecret } from '#/api/generated/types.gen'
import { useCan } from '#/api/me'
import { Button } from '#/components/Button'
import { Icon } from '#/components/Icon'
import { Menu, type MenuEntry } from '#/components/Menu'
import { Empty, Failed, SkeletonRows } from '#/components/States'
import { day, moment } from '#/lib/dates'
import { useTitle } from '#/lib/hooks'
import { listOf } from '#/lib/text'
import { ProgramDialog } from './ProgramDialog'
import { RevokeDialog, RotateDialog } from './ProgramQuestions'
import { SecretDialog } from './SecretDialog'
import { kindWords, scopeWord, stateWord } from './words'

type Doing = { what: 'edit'; program?: ApiClient } | { what: 'rotate' | 'revoke'; program: ApiClient }

/** Which programs come in, and how far they go. Only an administrator changes anything. */
export function ProgramsPage({ revoked, onRevoked }: { revoked: boolean; onRevoked: (revoked: boolean) => void }) {
  useTitle(t`Koppelingen`)
  const mayWrite = useCan('organisation:write')
  const [doing, setDoing] = useState<Doing>()
  const [made, setMade] = useState<ApiClientSecret>()
  const list = useInfiniteQuery({
    ...listApiClientsInfiniteOptions({ query: { revoked, limit: 100 } }),
    initialPageParam: {},
    getNextPageParam: (page) => page.nextCursor ?? null,
  })
  const programs = list.data?.pages.flatMap((page) => page.items) ?? []
  const close = () => setDoing(undefined)
  const show = (secret: ApiClientSecret) => {
    close()
    setMade(secret)
  }
  return (
    <main className="main" id="inhoud">
      <header className="bar-top">
        <h1>{t`Koppelingen`}</h1>
        {mayWrite && (
          <div className="end">
            <Button variant="primary" icon="plus" onClick={() => setDoing({ what: 'edit' })}>
              {t`Nieuwe koppeling`}
            </Button>
          </div>
        )}
      </header>
      <div className="tab-page">
        <div className="filters">
          <div className="segment" role="group" aria-label={t`Welke koppelingen`}>
            <button type="button" aria-pressed={!revoked} onClick={() => onRevoked(false)}>{t`In gebruik`}</button>
            <button type="button" aria-pressed={revoked} onClick={() => onRevoked(true)}>{t`Ingetrokken`}</button>
          </div>
        </div>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <div className="scroll" tabIndex={0} role="region" aria-label={t`Koppelingen`}>
          {list.isPending ? (
            <SkeletonRows rows={4} />
          ) : list.isError ? (
            <Failed error={list.error} retry={() => void list.refetch()} />
          ) : programs.length === 0 ? (
            revoked ? (
              <Empty icon="plugs-connected" title={t`Er is geen koppeling ingetrokken`} />
            ) : (
              <Empty icon="plugs-connected" title={t`Nog geen koppelingen`}>
                <p className="muted">{t`Laat hier andere programma’s bij je dossiers, zoals je CRM of een app voor je klanten.`}</p>
              </Empty>
            )
          ) : (
            <>
              <table className="grid">
                <thead>
                  <tr>
                    <th scope="col">{t`Naam`}</th>
                    <th scope="col">{t`Rechten`}</th>
                    <th scope="col">{t`Status`}</th>
                    <th scope="col">{t`Laatst gebruikt`}</th>
                    {mayWrite && !revoked && (
                      <th scope="col">
                        <span className="sr">{t`Acties`}</span>
                      </th>
                    )}
                  </tr>
                </thead>
                <tbody>
                  {programs.map((program) => (
                    <Row key={program.id} program={program} act={mayWrite && !revoked ? setDoing : undefined} />
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
      {doing?.what === 'edit' && <ProgramDialog program={doing.program} onMade={show} onClose={close} />}
      {doing?.what === 'rotate' && <RotateDialog program={doing.program} onMade={show} onClose={close} />}
      {doing?.what === 'revoke' && <RevokeDialog program={doing.program} onClose={close} />}
      {made && <SecretDialog made={made} onClose={() => setMade(undefined)} />}
    </main>
  )
}

function Row({ program, act }: { program: ApiClient; act: ((doing: Doing) => void) | undefined }) {
  const entries: MenuEntry[] = act
    ? [
        { id: 'edit', label: t`Wijzig`, icon: 'pencil-simple', run: () => act({ what: 'edit', program }) },
        ...(program.confidential
          ? [{ id: 'rotate', label: t`Vervang het geheim`, icon: 'key' as const, run: () => act({ what: 'rotate', program }) }]
          : []),
        { id: 'revoke', label: t`Trek in`, icon: 'prohibit', danger: true, run: () => act({ what: 'revoke', program }) },
      ]
    : []
  return (
    <tr>
      <td className="lead">
        <span>
          {act ? (
            <button type="button" className="linkish" onClick={() => act({ what: 'edit', program })}>
              {program.name}
            </button>
          ) : (
            program.name
          )}
          <small className="faint">{kindWords(program.kind)[0]}</small>
        </span>
      </td>
      <td className="muted wrap" data-label={t`Rechten`}>
        {listOf(program.scopes.map((scope, at) => (at ? scopeWord(scope).toLocaleLowerCase() : scopeWord(scope))))}
      </td>
      <td className={program.state === 'active' ? 'muted' : 'late'} data-label={t`Status`}>
        {stateWord(program.state)}
        <Until program={program} />
      </td>
      <td className="faint" data-label={t`Laatst gebruikt`}>
        {program.lastUsedAt ? moment(program.lastUsedAt) : t`Nog niet`}
      </td>
      {act && (
        <td className="num">
          <Menu label={t`Meer voor ${program.name}`} entries={entries}>
            <Icon name="dots-three" />
          </Menu>
        </td>
      )}
    </tr>
  )
}

/** Until when it comes in, and how long a secret that was replaced goes on working. */
function Until({ program }: { program: ApiClient }) {
  const leaving = program.secrets.find((secret) => secret.expiresAt)
  return (
    <>
      {program.state === 'active' && program.expiresAt && <small className="faint">{t`tot ${day(program.expiresAt)}`}</small>}
      {leaving?.expiresAt && <small className="faint">{t`oud geheim (…${leaving.hint}) werkt tot ${moment(leaving.expiresAt)}`}</small>}
    </>
  )
}
