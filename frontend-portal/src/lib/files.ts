import { looksAlong } from './looking'

/** Where a document's bytes are; inline shows a PDF, JPEG or PNG instead of saving it. */
export const contentUrl = (documentId: string, inline = false) =>
  `/api/v1/portal/documents/${encodeURIComponent(documentId)}/content?inline=${inline ? 1 : 0}${looksAlong() ? '&view=1' : ''}`

export const maxUploadBytes = 26_214_400
export const acceptedTypes = '.pdf,.jpg,.jpeg,.png,.heic,.heif,.docx,.xlsx'

/** The photo format of the iPhone, which few other browsers can show. */
export const isHeic = (filename: string) => /\.hei[cf]$/i.test(filename)

/**
 * What the picker asks for. An iPhone or iPad (which calls itself a Mac, with fingers) turns its photos into JPEG by
 * itself, as long as HEIC is not asked for.
 */
export function offeredTypes(): string {
  const converts = /iPhone|iPad|iPod/.test(navigator.userAgent) || (/Mac/.test(navigator.userAgent) && navigator.maxTouchPoints > 1)
  return converts ? acceptedTypes.replace('.heic,.heif,', '') : acceptedTypes
}
