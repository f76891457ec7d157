import { t } from '@lingui/core/macro'
import type { Option } from '#/components/Field'

export const phases = ['intake', 'collecting', 'advice', 'application', 'notary'] as const
export type Phase = (typeof phases)[number]

export function phaseWord(phase: Phase): string {
  switch (phase) {
    case 'intake':
      return t`Kennismaken`
    case 'collecting':
      return t`Verzamelen`
    case 'advice':
      return t`Advies`
    case 'application':
      return t`Aanvraag`
    case 'notary':
      return t`Notaris`
  }
}

export const productKinds = ['mortgage', 'home_insurance', 'life_insurance', 'pension', 'business', 'other'] as const
export type ProductKind = (typeof productKinds)[number]

export function productWord(kind: ProductKind): string {
  switch (kind) {
    case 'mortgage':
      return t`Hypotheek`
    case 'home_insurance':
      return t`Woonverzekering`
    case 'life_insurance':
      return t`Overlijdensrisicoverzekering`
    case 'pension':
      return t`Pensioen`
    case 'business':
      return t`Zakelijk pakket`
    case 'other':
      return t`Anders`
  }
}

export const reasons = ['unreadable', 'too_old', 'page_missing', 'signature_missing', 'wrong_document', 'other'] as const
export type Reason = (typeof reasons)[number]
/** The four the review screen offers; anything else is "other", in the person's own words. */
export const quickReasons = ['unreadable', 'too_old', 'page_missing', 'signature_missing'] as const

export function reasonWord(reason: Reason): string {
  switch (reason) {
    case 'unreadable':
      return t`Onleesbaar`
    case 'too_old':
      return t`Te oud`
    case 'page_missing':
      return t`Pagina mist`
    case 'signature_missing':
      return t`Handtekening mist`
    case 'wrong_document':
      return t`Ander document`
    case 'other':
      return t`Anders`
  }
}

export type ClientKind = 'person' | 'household' | 'company'

export function clientKindWord(kind: ClientKind): string {
  switch (kind) {
    case 'person':
      return t`Persoon`
    case 'household':
      return t`Huishouden`
    case 'company':
      return t`Bedrijf`
  }
}

export type PortalState = 'none' | 'invited' | 'active' | 'link_expired'

export function portalWord(state: PortalState): string {
  switch (state) {
    case 'none':
      return t`Niet gemaakt`
    case 'invited':
      return t`Uitgenodigd`
    case 'active':
      return t`Actief`
    case 'link_expired':
      return t`Link verlopen`
  }
}

export type MemberState = 'new' | 'invited' | 'active' | 'blocked' | 'archived'

export function memberWord(state: MemberState): string {
  switch (state) {
    case 'new':
      return t`Nog niet uitgenodigd`
    case 'invited':
      return t`Uitgenodigd`
    case 'active':
      return t`Actief`
    case 'blocked':
      return t`Geblokkeerd`
    case 'archived':
      return t`Gearchiveerd`
  }
}

export const optionsOf = <T extends string>(values: readonly T[], word: (value: T) => string): Option[] =>
  values.map((value) => ({ value, label: word(value) }))

export const roles = ['admin', 'adviser', 'back_office', 'viewer'] as const
export type Role = (typeof roles)[number]

export function roleWord(role: Role): string {
  switch (role) {
    case 'admin':
      return t`Beheerder`
    case 'adviser':
      return t`Adviseur`
    case 'back_office':
      return t`Binnendienst`
    case 'viewer':
      return t`Meekijker`
  }
}
