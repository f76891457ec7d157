import { t } from '@lingui/core/macro'
import { getDocument, GlobalWorkerOptions, type PDFDocumentProxy } from 'pdfjs-dist'
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url'
import { useEffect, useRef, useState } from 'react'
import { Loading } from '../States'

GlobalWorkerOptions.workerSrc = workerUrl

/** One page of a PDF on a canvas, as sharp as the screen; its text is beside it for a screen reader. */
export default function PdfPage({
  url,
  page,
  zoom,
  onPages,
}: {
  url: string
  page: number
  zoom: number
  onPages: (count: number) => void
}) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [pdf, setPdf] = useState<PDFDocumentProxy>()
  const [text, setText] = useState('')
  const [failed, setFailed] = useState(false)
  const [drawn, setDrawn] = useState(false)
  const report = useRef(onPages)
  useEffect(() => {
    report.current = onPages
  })

  useEffect(() => {
    const task = getDocument({ url, enableXfa: false })
    let current = true
    task.promise.then(
      (loaded) => {
        if (!current) return
        setPdf(loaded)
        report.current(loaded.numPages)
      },
      () => current && setFailed(true),
    )
    return () => {
      current = false
      void task.destroy()
    }
  }, [url])

  useEffect(() => {
    const target = canvas.current
    if (!pdf || !target) return
    let current = true
    let cancel = () => {}
    void (async () => {
      try {
        const shown = await pdf.getPage(Math.min(page, pdf.numPages))
        if (!current) return
        const natural = shown.getViewport({ scale: 1 })
        const room = Math.min(860, (target.parentElement?.clientWidth ?? 640) - 48)
        const viewport = shown.getViewport({ scale: (Math.max(240, room) / natural.width) * zoom })
        const density = Math.min(2, devicePixelRatio || 1)
        // Drawn out of sight, so that nobody ever looks at a page that is still white.
        const sheet = document.createElement('canvas')
        sheet.width = Math.floor(viewport.width * density)
        sheet.height = Math.floor(viewport.height * density)
        const render = shown.render({ canvas: sheet, viewport, ...(density === 1 ? {} : { transform: [density, 0, 0, density, 0, 0] }) })
        cancel = () => render.cancel()
        await render.promise
        if (!current) return
        target.width = sheet.width
        target.height = sheet.height
        target.style.width = `${Math.floor(viewport.width)}px`
        target.style.height = `${Math.floor(viewport.height)}px`
        target.getContext('2d')?.drawImage(sheet, 0, 0)
        setDrawn(true)
        const content = await shown.getTextContent()
        if (current) setText(content.items.map((item) => ('str' in item ? item.str : '')).join(' '))
      } catch (error) {
        // A page that is left before it is drawn is not a failure.
        if (current && !(error instanceof Error && error.name === 'RenderingCancelledException')) setFailed(true)
      }
    })()
    return () => {
      current = false
      cancel()
    }
  }, [pdf, page, zoom])

  if (failed) return <p role="alert">{t`Deze PDF kunnen we hier niet tonen. Downloaden werkt wel.`}</p>
  return (
    <>
      {!drawn && <Loading />}
      <canvas ref={canvas} className={drawn ? 'page' : 'page is-blank'} aria-hidden="true" />
      <p className="sr">{text}</p>
    </>
  )
}
