import { t } from '@lingui/core/macro'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useState } from 'react'
import {
  archiveDocumentMutation,
  listDossierDocumentsInfiniteOptions,
  updateDocumentMutation,
} from '#/api/generated/@tanstack/react-query.gen'
import type { Dossier } from '#/api/generated/types.gen'
import { ifMatch } from '#/api/http'
import { isStale } from '#/api/problem'
import { useCan } from '#/api/me'
import { Button } from '#/components/Button'
import { ConfirmDialog, Dialog } from '#/components/Dialog'
import { FileViewer } from '#/components/FileViewer'
import { Icon } from '#/components/Icon'
import { Conflict, Empty, Failed, Mistake, SkeletonRows } from '#/components/States'
import { toast } from '#/components/Toasts'
import type { DocumentAct } from './acts'
import { DocumentDialog } from './DocumentDialog'
import { DocumentsTable } from './DocumentsTable'

// Dropping files and sending them in pieces comes after the table, and is there before somebody has read it.
const load = () => import('./UploadDialog')
const UploadDialog = lazy(() => load().then((module) => ({ default: module.UploadDialog })))

export function DocumentsTab({ dossier }: { dossier: Dossier }) {
  const queryClient = useQueryClient()
  const mayWrite = useCan('document:write')
  const [q, setQ] = useState('')
  const [doing, setDoing] = useState<DocumentAct | 'upload'>()
  const list = useInfiniteQuery({
    ...listDossierDocumentsInfiniteOptions({ path: { dossierId: dossier.id }, query: { limit: 100 } }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? null,
  })
  const done = () => void queryClient.invalidateQueries()
  const show = useMutation({
    ...updateDocumentMutation(),
    onSuccess: (document) => {
      toast(document.visible ? t`${document.title} staat nu in het portaal` : t`${document.title} is nu alleen voor kantoor`)
      done()
    },
  })
  const archive = useMutation({
    ...archiveDocumentMutation(),
    onSuccess: () => {
      toast(t`Document weggehaald`)
      setDoing(undefined)
      done()
    },
  })
  useEffect(() => {
    if (!mayWrite) return undefined
    const timer = setTimeout(() => void load(), 1500)
    return () => clearTimeout(timer)
  }, [mayWrite])
  const all = list.data?.pages.flatMap((page) => page.items) ?? []
  const words = q.trim().toLocaleLowerCase()
  const documents = words ? all.filter((document) => `${document.title} ${document.filename}`.toLocaleLowerCase().includes(words)) : all
  const act = typeof doing === 'object' ? doing : undefined
  const close = () => setDoing(undefined)

  return (
    <div className="tab-page">
      <div className="filters">
        <div className="find">
          <Icon name="magnifying-glass" />
          <input
            className="input"
            type="search"
            aria-label={t`Zoek in documenten`}
            placeholder={t`Zoek in ${all.length} documenten`}
            value={q}
            onChange={(event) => setQ(event.target.value)}
          />
        </div>
        {isStale(show.error) ? (
          <Conflict
            error={show.error}
            onReload={async () => {
              await queryClient.invalidateQueries()
              show.reset()
            }}
          />
        ) : (
          <Mistake error={show.error} />
        )}
        <div className="end">
          {mayWrite && dossier.status === 'closed' ? (
            <span className="caption">{t`Heropen het dossier om een document toe te voegen.`}</span>
          ) : mayWrite ? (
            <Button variant="primary" small icon="upload-simple" onClick={() => setDoing('upload')}>
              {t`Document toevoegen`}
            </Button>
          ) : (
            <span className="caption">{t`Je kijkt mee: je rol mag niets wijzigen.`}</span>
          )}
        </div>
      </div>
      {/* What scrolls must be reachable by keyboard, also for a role without buttons. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="scroll" tabIndex={0} role="region" aria-label={t`Documenten`}>
        {list.isPending ? (
          <SkeletonRows />
        ) : list.isError ? (
          <Failed error={list.error} retry={() => void list.refetch()} />
        ) : all.length === 0 ? (
          <Empty icon="file-text" title={t`Nog geen documenten`}>
            <p>{t`Wat de klant aanlevert en wat jij toevoegt, komt hier te staan.`}</p>
          </Empty>
        ) : documents.length === 0 ? (
          <Empty icon="magnifying-glass" title={t`Geen document past hierbij`} />
        ) : (
          <DocumentsTable
            documents={documents}
            mayWrite={mayWrite}
            closed={dossier.status === 'closed'}
            onShow={(document, visible) =>
              show.mutate({ path: { documentId: document.id }, headers: ifMatch(document.version), body: { visible } })
            }
            onAct={setDoing}
          />
        )}
        {list.hasNextPage && (
          <div className="more">
            <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t`Meer laden`}</Button>
          </div>
        )}
      </div>
      {doing === 'upload' && (
        <Suspense fallback={null}>
          <UploadDialog dossier={dossier} onClose={close} />
        </Suspense>
      )}
      {act?.what === 'edit' && <DocumentDialog document={act.document} onClose={close} />}
      {act?.what === 'view' && (
        <Dialog title={act.document.title} isOpen onClose={close} wide>
          <div className="dialog-body preview-modal">
            <FileViewer
              files={[
                {
                  documentId: act.document.id,
                  filename: act.document.filename,
                  mediaType: act.document.mediaType,
                  size: act.document.size,
                },
              ]}
            />
          </div>
        </Dialog>
      )}
      {act?.what === 'archive' && (
        <ConfirmDialog
          title={t`${act.document.title} weghalen?`}
          isOpen
          onClose={close}
          confirm={t`Weghalen`}
          danger
          busy={archive.isPending}
          onConfirm={() => archive.mutate({ path: { documentId: act.document.id } })}
        >
          <p>{t`Het document verdwijnt uit het dossier en uit het portaal. In de tijdlijn blijft staan dat het er was.`}</p>
          <Mistake error={archive.error} />
        </ConfirmDialog>
      )}
    </div>
  )
}
