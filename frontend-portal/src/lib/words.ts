import { t } from '@lingui/core/macro'

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

export type ProductStatus = 'preparing' | 'requested' | 'offered' | 'accepted' | 'final'

/** Where a product stands, in the customer's words (B10). */
export function productStatusWord(status: ProductStatus): string {
  switch (status) {
    case 'preparing':
      return t`We bereiden de aanvraag voor`
    case 'requested':
      return t`Aangevraagd`
    case 'offered':
      return t`Er ligt een aanbod`
    case 'accepted':
      return t`Geaccepteerd`
    case 'final':
      return t`Rond`
  }
}
