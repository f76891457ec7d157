import { t } from '@lingui/core/macro'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useDeferredValue, useEffect, useState } from 'react'
import { listDocumentsInfiniteOptions } from '#/api/generated/@tanstack/react-query.gen'
import type { DocumentSummary, DossierOverview, Site } from '#/api/generated/types.gen'
import { Button } from '#/components/Button'
import { DocumentRow } from '#/components/DocumentRow'
import { Icon } from '#/components/Icon'
import { SharedDocument } from '#/components/SharedDocument'
import { Empty, Failed, Mistake } from '#/components/States'
import { shortDay } from '#/lib/dates'
import { useTitle } from '#/lib/hooks'
import { fileSize } from '#/lib/text'
import type { ViewedFile } from '#/lib/viewing'
import { groupDocuments, matching } from './groups'

type Props = { site: Site; dossier: DossierOverview | undefined; onView: (file: ViewedFile) => void }

/** Everything in writing (C7): what the office made available, and what was handed in here. */
export function DocumentsPage({ site, dossier, onView }: Props) {
  const [query, setQuery] = useState('')
  const search = useDeferredValue(query.trim())
  const documents = useInfiniteQuery({
    ...listDocumentsInfiniteOptions({ query: { ...(dossier ? { dossierId: dossier.id } : {}), limit: 100 } }),
    initialPageParam: {},
    getNextPageParam: (page) => page.nextCursor ?? null,
  })
  useTitle(t`Documenten`, site.name)

  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = documents
  // A search is over everything, also over what is not on screen yet.
  useEffect(() => {
    if (search && hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage()
  }, [search, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage])

  if (documents.isError && !documents.data) return <Failed error={documents.error} retry={() => void documents.refetch()} />

  const all = documents.data?.pages.flatMap((page) => page.items) ?? []
  const found = matching(all, search)
  const productName = (id: string | undefined) => dossier?.products.find((product) => product.id === id)?.name
  const groups = groupDocuments(found, dossier, site.name)
  return (
    <div className="wrap page two documents">
      <header className="page-head">
        <h1>{t`Belangrijke documenten`}</h1>
        <p>{t`Hier blijft alles staan wat je later nog wilt terugvinden.`}</p>
      </header>
      <div className="stack">
        {documents.isPending && <Waiting />}
        {documents.isSuccess && all.length === 0 && (
          <div className="card">
            <Empty title={t`Hier staat nog niets`}>
              <p>{t`Zodra ${site.name} een document klaarzet of je zelf iets aanlevert, vind je het hier terug.`}</p>
            </Empty>
          </div>
        )}
        {all.length > 0 && found.length === 0 && !isFetchingNextPage && (
          <div className="card">
            <Empty title={t`Niets gevonden voor “${search}”`}>
              <p>{t`Probeer een ander woord, of een deel van de naam.`}</p>
              <Button onClick={() => setQuery('')}>{t`Alles tonen`}</Button>
            </Empty>
          </div>
        )}
        {groups.map((group) => (
          <section className="sec" key={group.key} aria-labelledby={`group-${group.key}`}>
            <header>
              <h2 id={`group-${group.key}`}>{group.title}</h2>
              <span className="end faint">{group.documents.length}</span>
            </header>
            <ul className="docs">
              {group.documents.map((document) =>
                document.origin === 'office' ? (
                  <SharedDocument key={document.id} document={document} onView={onView} />
                ) : (
                  <DeliveredDocument key={document.id} document={document} product={productName(document.productId)} onView={onView} />
                ),
              )}
            </ul>
          </section>
        ))}
        {hasNextPage && !search && (
          <Button block busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t`Toon meer`}
          </Button>
        )}
        {isFetchNextPageError && (
          <div>
            <Mistake error={documents.error} />
            <Button onClick={() => void fetchNextPage()}>{t`Opnieuw proberen`}</Button>
          </div>
        )}
      </div>
      <aside className="stack find" aria-label={t`Zoeken`}>
        <div className="field">
          <label htmlFor="find-document">{t`Zoek in documenten`}</label>
          <input
            id="find-document"
            className="input"
            type="search"
            autoComplete="off"
            placeholder={t`Bijvoorbeeld: rente`}
            value={query}
            onChange={(event) => setQuery(event.target.value)}
          />
        </div>
        <p className="sr" role="status">
          {search && !isFetchingNextPage ? t`${found.length} gevonden` : ''}
        </p>
        <p className="note">
          <Icon name="lock-simple" />
          <span>{t`Alleen wie in dit dossier staat en ${site.name} zien deze documenten.`}</span>
        </p>
      </aside>
    </div>
  )
}

/** Files that were handed in together share a title; their own names tell them apart. */
function DeliveredDocument({
  document,
  product,
  onView,
}: {
  document: DocumentSummary
  product: string | undefined
  onView: (file: ViewedFile) => void
}) {
  const { title, filename, mediaType } = document
  const meta = [title, product, shortDay(document.createdAt), fileSize(document.size)].filter(Boolean).join(', ')
  return <DocumentRow title={filename} meta={meta} filename={filename} mediaType={mediaType} documentId={document.id} onView={onView} />
}

function Waiting() {
  return (
    <div className="sec" role="status">
      <span className="sr">{t`Bezig met laden`}</span>
      <div className="skeleton" aria-hidden="true" />
      <div className="skeleton" aria-hidden="true" />
      <div className="skeleton" aria-hidden="true" />
    </div>
  )
}
