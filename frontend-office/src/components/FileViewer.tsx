import { t } from '@lingui/core/macro'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { contentUrl } from '#/lib/files'
import { IconButton } from './Button'
import { FileMark } from './FileMark'
import { Icon } from './Icon'
import { Empty, Loading } from './States'

const PdfPage = lazy(() => import('./pdf/PdfPage'))

export type ViewedFile = { documentId: string; filename: string; mediaType: string; size: number }

/** A document as it was delivered: PDF page by page, a photo whole, anything else to download. */
export function FileViewer({
  files,
  label = t`Document`,
  none = t`Geen bestand`,
  head,
  actions,
  className = '',
}: {
  files: ViewedFile[]
  label?: string
  none?: string
  /** Above the file. */
  head?: ReactNode
  /** Beside its tools. */
  actions?: ReactNode
  className?: string
}) {
  const [chosen, setChosen] = useState(0)
  const file = files[chosen] ?? files[0]
  return (
    <section className={`viewer ${className}`.trim()} aria-label={label}>
      {head}
      {file ? (
        <>
          {files.length > 1 && (
            <div className="files" role="group" aria-label={t`Bestanden`}>
              {files.map((one, index) => (
                <button
                  key={one.documentId}
                  type="button"
                  className={index === chosen ? 'btn btn-secondary btn-sm' : 'btn btn-quiet btn-sm'}
                  aria-pressed={index === chosen}
                  onClick={() => setChosen(index)}
                >
                  <FileMark mediaType={one.mediaType} filename={one.filename} />
                  {one.filename}
                </button>
              ))}
            </div>
          )}
          <OneFile key={file.documentId} file={file} actions={actions} />
        </>
      ) : (
        <Empty icon="file-text" title={none} />
      )}
    </section>
  )
}

function OneFile({ file, actions }: { file: ViewedFile; actions: ReactNode }) {
  const [page, setPage] = useState(1)
  const [pages, setPages] = useState(0)
  const [zoom, setZoom] = useState(1)
  const [broken, setBroken] = useState(false)
  const isPdf = file.mediaType === 'application/pdf'
  const isImage = /^image\/(jpeg|png|heic)$/.test(file.mediaType)
  // Safari shows it, other browsers do not.
  const isHeic = file.mediaType === 'image/heic'
  const url = contentUrl(file.documentId, true)
  return (
    <>
      <div className="tools">
        <FileMark mediaType={file.mediaType} filename={file.filename} />
        <b title={file.filename}>{file.filename}</b>
        <div className="end">
          {actions}
          {isPdf && pages > 1 && (
            <>
              <IconButton icon="caret-left" label={t`Vorige pagina`} small disabled={page <= 1} onClick={() => setPage(page - 1)} />
              <span className="faint nowrap" aria-live="polite">
                {t`${page} van ${pages}`}
              </span>
              <IconButton icon="caret-right" label={t`Volgende pagina`} small disabled={page >= pages} onClick={() => setPage(page + 1)} />
            </>
          )}
          {(isPdf || (isImage && !broken)) && (
            <>
              <IconButton
                icon="magnifying-glass-minus"
                label={t`Zoom uit`}
                small
                disabled={zoom <= 1}
                onClick={() => setZoom(Math.max(1, zoom - 0.5))}
              />
              <IconButton
                icon="magnifying-glass-plus"
                label={t`Zoom in`}
                small
                disabled={zoom >= 3}
                onClick={() => setZoom(Math.min(3, zoom + 0.5))}
              />
            </>
          )}
          <a
            className="btn btn-quiet btn-icon btn-sm"
            href={contentUrl(file.documentId)}
            download={file.filename}
            aria-label={t`Download ${file.filename}`}
            title={t`Download`}
          >
            <Icon name="download-simple" />
          </a>
        </div>
      </div>
      {/* A page that is larger than the pane scrolls, also by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={zoom > 1 ? 'desk zoomed' : 'desk'} tabIndex={0} role="region" aria-label={t`Pagina`}>
        {isPdf ? (
          <Suspense fallback={<Loading />}>
            <PdfPage url={url} page={page} zoom={zoom} onPages={setPages} />
          </Suspense>
        ) : isImage && !broken ? (
          <img src={url} alt={file.filename} style={{ width: zoom > 1 ? `${zoom * 100}%` : undefined }} onError={() => setBroken(true)} />
        ) : (
          <Empty
            icon="file-text"
            title={isHeic ? t`Een HEIC-foto kan deze browser niet tonen` : t`Dit bestand bekijk je in een ander programma`}
          >
            <p>
              {isHeic
                ? t`Het is een foto van een iPhone. Download hem, of vraag de klant om een jpg of pdf.`
                : t`Download het om het te openen.`}
            </p>
            <a className="btn btn-secondary" href={contentUrl(file.documentId)} download={file.filename}>
              <Icon name="download-simple" />
              {t`Download`}
            </a>
          </Empty>
        )}
      </div>
    </>
  )
}
