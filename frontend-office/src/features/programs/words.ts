import { t } from '@lingui/core/macro'
import type { ApiClient } from '#/api/generated/types.gen'

export type Kind = ApiClient['kind']

export const kinds = ['key', 'service', 'app'] as const

/** What a kind is called, and whom it is for. */
export function kindWords(kind: Kind): [string, string] {
  switch (kind) {
    case 'key':
      return [t`Met een sleutel`, t`Een programma van je kantoor stuurt bij elk verzoek dezelfde sleutel mee. Het eenvoudigst.`]
    case 'service':
      return [t`Met tokens (OAuth 2)`, t`Een programma van je kantoor haalt met een geheim steeds een token van tien minuten op.`]
    case 'app':
      return [t`Voor klanten (OAuth 2)`, t`Een app die een klant zelf toestemming vraagt, en alleen ziet wat die klant ziet.`]
  }
}

export function stateWord(state: ApiClient['state']): string {
  switch (state) {
    case 'active':
      return t`Actief`
    case 'expired':
      return t`Verlopen`
    case 'revoked':
      return t`Ingetrokken`
  }
}

/** What a program can be given, in the order of the work. The names are those of the API. */
const ofOffice = [
  'clients:read',
  'clients:write',
  'dossiers:read',
  'dossiers:write',
  'action-points:read',
  'action-points:write',
  'action-points:review',
  'documents:read',
  'documents:write',
  'portal-members:read',
  'portal-members:write',
  'organisation:read',
  'organisation:write',
  'employees:read',
  'audit-events:read',
]
const ofCustomer = ['portal.dossiers:read', 'portal.documents:read', 'portal.submissions:create']

export const scopesOf = (kind: Kind): string[] => (kind === 'app' ? ofCustomer : ofOffice)

export function scopeWord(scope: string): string {
  switch (scope) {
    case 'clients:read':
      return t`Klanten zien`
    case 'clients:write':
      return t`Klanten wijzigen`
    case 'dossiers:read':
      return t`Dossiers zien`
    case 'dossiers:write':
      return t`Dossiers wijzigen`
    case 'action-points:read':
      return t`Actiepunten zien`
    case 'action-points:write':
      return t`Actiepunten wijzigen`
    case 'action-points:review':
      return t`Actiepunten beoordelen`
    case 'documents:read':
      return t`Documenten lezen`
    case 'documents:write':
      return t`Documenten toevoegen en wijzigen`
    case 'portal-members:read':
      return t`Portaalleden zien`
    case 'portal-members:write':
      return t`Portaalleden wijzigen`
    case 'organisation:read':
      return t`Gegevens van het kantoor zien`
    case 'organisation:write':
      return t`Gegevens van het kantoor wijzigen`
    case 'employees:read':
      return t`Medewerkers zien`
    case 'audit-events:read':
      return t`Logboek lezen`
    case 'portal.dossiers:read':
      return t`Voortgang en actiepunten zien`
    case 'portal.documents:read':
      return t`Gedeelde documenten lezen`
    case 'portal.submissions:create':
      return t`Stukken aanleveren`
    default:
      return scope
  }
}
