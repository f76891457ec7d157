import type { Document } from '#/api/generated/types.gen'

/** What someone is doing with which document. */
export type DocumentAct = { what: 'view' | 'edit' | 'archive'; document: Document }
