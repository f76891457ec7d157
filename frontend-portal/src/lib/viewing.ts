/** A file that can be opened on top of the page. */
export type ViewedFile = { documentId: string; filename: string; mediaType: string }

const shown = new Set(['application/pdf', 'image/jpeg', 'image/png', 'image/heic'])

/** What the browser shows itself, HEIC only on some; anything else is downloaded. */
export const isViewable = (mediaType: string) => shown.has(mediaType)
