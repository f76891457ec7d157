import { t } from '@lingui/core/macro'
import type { ReactNode } from 'react'
import { contentUrl } from '#/lib/files'
import { isViewable, type ViewedFile } from '#/lib/viewing'
import { FileMark } from './FileMark'
import { Icon } from './Icon'

type Props = {
  title: string
  meta: ReactNode
  filename: string
  mediaType: string
  documentId: string
  remark?: ReactNode
  onView?: ((file: ViewedFile) => void) | undefined
}

/** One document: its name opens it where the browser can show it, the arrow saves it. */
export function DocumentRow({ title, meta, filename, mediaType, documentId, remark, onView }: Props) {
  return (
    <li className="doc">
      <FileMark mediaType={mediaType} filename={filename} />
      <div>
        <h3>
          {onView && isViewable(mediaType) ? (
            <button type="button" className="open" onClick={() => onView({ documentId, filename, mediaType })}>
              <span className="sr">{t`Bekijk`} </span>
              {title}
            </button>
          ) : (
            title
          )}
        </h3>
        <p>{meta}</p>
        {remark}
      </div>
      <a
        className="btn btn-quiet btn-icon save"
        href={contentUrl(documentId)}
        download={filename}
        aria-label={t`Download ${title}`}
        title={t`Download`}
      >
        <Icon name="download-simple" />
      </a>
    </li>
  )
}
