import { t } from '@lingui/core/macro'
import { lazy, Suspense, useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import { FileMark } from '#/components/FileMark'
import { Icon } from '#/components/Icon'
import type { IconName } from '#/components/icons'
import { Loading } from '#/components/States'
import { contentUrl, isHeic } from '#/lib/files'
import { isViewable, type ViewedFile } from '#/lib/viewing'

const PdfPage = lazy(() => import('./pdf/PdfPage'))

/** A file over the whole screen: a PDF page by page, a photo whole, anything else to download. */
export function FileViewer({ file, onClose }: { file: ViewedFile; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const desk = useRef<HTMLDivElement>(null)
  const id = useId()
  const [page, setPage] = useState(1)
  const [pages, setPages] = useState(0)
  const [zoom, setZoom] = useState(1)
  const [broken, setBroken] = useState(false)
  const isPdf = file.mediaType === 'application/pdf'
  const shown = isViewable(file.mediaType) && !broken
  const url = contentUrl(file.documentId, true)

  useLayoutEffect(() => {
    const element = dialog.current
    const before = document.activeElement
    element?.showModal()
    return () => {
      element?.close()
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])

  const turn = (to: number) => {
    if (to < 1 || to > pages) return
    setPage(to)
    desk.current?.scrollTo({ top: 0 })
  }
  const resize = (to: number) => setZoom(Math.min(3, Math.max(1, to)))

  useEffect(() => {
    const keys = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      // While zoomed in the arrows scroll, so that every corner can be reached without a mouse.
      if (event.key === 'PageDown' || (event.key === 'ArrowRight' && zoom === 1)) turn(page + 1)
      else if (event.key === 'PageUp' || (event.key === 'ArrowLeft' && zoom === 1)) turn(page - 1)
      else if (event.key === '+' || event.key === '=') resize(zoom + 0.5)
      else if (event.key === '-') resize(zoom - 0.5)
      else if (event.key === '0') resize(1)
      else return
      event.preventDefault()
    }
    addEventListener('keydown', keys)
    return () => removeEventListener('keydown', keys)
  })

  return (
    <dialog
      ref={dialog}
      className="viewer"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
    >
      <header>
        <FileMark mediaType={file.mediaType} filename={file.filename} />
        <h2 id={id}>{file.filename}</h2>
        <Tool icon="x" label={t`Sluiten`} onClick={onClose} />
      </header>
      {/* A page that is larger than the screen scrolls, also by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div ref={desk} className={zoom > 1 ? 'desk zoomed' : 'desk'} tabIndex={0} role="region" aria-label={t`Inhoud van het bestand`}>
        {!shown ? (
          <div className="empty">
            <Icon name="file-text" />
            <h3>
              {isHeic(file.filename)
                ? t`Een HEIC-foto kan deze browser niet tonen`
                : broken
                  ? t`Dit bestand kunnen we hier niet tonen`
                  : t`Dit bestand open je in een ander programma`}
            </h3>
            <p>{t`Download het om het te bekijken.`}</p>
          </div>
        ) : isPdf ? (
          <Suspense fallback={<Loading />}>
            <PdfPage url={url} page={page} zoom={zoom} onPages={setPages} />
          </Suspense>
        ) : (
          <img src={url} alt={file.filename} style={{ width: zoom > 1 ? `${zoom * 100}%` : undefined }} onError={() => setBroken(true)} />
        )}
      </div>
      <footer>
        {isPdf && pages > 1 && (
          <div className="turns">
            <Tool icon="caret-left" label={t`Vorige pagina`} off={page <= 1} onClick={() => turn(page - 1)} />
            <span className="nowrap" aria-live="polite">{t`${page} van ${pages}`}</span>
            <Tool icon="caret-right" label={t`Volgende pagina`} off={page >= pages} onClick={() => turn(page + 1)} />
          </div>
        )}
        {shown && (
          <div className="turns">
            <Tool icon="magnifying-glass-minus" label={t`Kleiner`} off={zoom <= 1} onClick={() => resize(zoom - 0.5)} />
            <Tool icon="magnifying-glass-plus" label={t`Groter`} off={zoom >= 3} onClick={() => resize(zoom + 0.5)} />
          </div>
        )}
        <a className="btn btn-secondary save" href={contentUrl(file.documentId)} download={file.filename}>
          <Icon name="download-simple" />
          {t`Download`}
        </a>
      </footer>
    </dialog>
  )
}

function Tool({ icon, label, off, onClick }: { icon: IconName; label: string; off?: boolean; onClick: () => void }) {
  return (
    <button
      type="button"
      className="btn btn-quiet btn-icon"
      aria-label={label}
      title={label}
      aria-disabled={off || undefined}
      onClick={off ? undefined : onClick}
    >
      <Icon name={icon} />
    </button>
  )
}
