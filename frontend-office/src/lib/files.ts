/** Where a document's bytes are; inline shows a PDF, JPEG or PNG instead of saving it. */
export const contentUrl = (documentId: string, inline = false) =>
  `/api/v1/documents/${encodeURIComponent(documentId)}/content${inline ? '?inline=1' : ''}`
