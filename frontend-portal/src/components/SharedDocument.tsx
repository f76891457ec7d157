import { t } from '@lingui/core/macro'
import type { DocumentSummary } from '#/api/generated/types.gen'
import { shortDay } from '#/lib/dates'
import { fileSize } from '#/lib/text'
import type { ViewedFile } from '#/lib/viewing'
import { DocumentRow } from './DocumentRow'

/** A document that the office made available, with the adviser's remark (B10). */
export function SharedDocument({
  document,
  product,
  onView,
}: {
  document: DocumentSummary
  product?: string | undefined
  onView: (file: ViewedFile) => void
}) {
  const meta = [product, shortDay(document.createdAt), fileSize(document.size)].filter(Boolean).join(', ')
  return (
    <DocumentRow
      title={document.title}
      meta={meta}
      filename={document.filename}
      mediaType={document.mediaType}
      documentId={document.id}
      remark={document.remark && <p className="doc-remark">{t`Opmerking: ${document.remark}`}</p>}
      onView={onView}
    />
  )
}
