/** Where a document's bytes are; inline shows a PDF, JPEG or PNG instead of saving it. */
export const contentUrl = (documentId: string, inline = false) =>
  `/api/v1/portal/documents/${encodeURIComponent(documentId)}/content${inline ? '?inline=1' : ''}`

export const maxUploadBytes = 26_214_400
export const acceptedTypes = '.pdf,.jpg,.jpeg,.png,.heic,.docx,.xlsx'
