import { t } from '@lingui/core/macro'

/** What a right allows, as people say it. One of a later release is shown by its name until it has words. */
export function rightWord(right: string): string {
  switch (right) {
    case 'client:read':
      return t`Klanten zien`
    case 'client:write':
      return t`Klanten en contactpersonen wijzigen`
    case 'dossier:read':
      return t`Dossiers zien`
    case 'dossier:write':
      return t`Dossiers maken en wijzigen`
    case 'action_point:read':
      return t`Actiepunten zien`
    case 'action_point:write':
      return t`Actiepunten vragen en wijzigen`
    case 'action_point:review':
      return t`Aanleveringen beoordelen`
    case 'document:read':
      return t`Documenten zien`
    case 'document:write':
      return t`Documenten toevoegen en delen`
    case 'member:read':
      return t`Portaalgebruikers zien`
    case 'member:write':
      return t`Portaalgebruikers uitnodigen en wijzigen`
    case 'member:view_as':
      return t`Meekijken in het klantportaal`
    case 'organisation:read':
      return t`Inrichting zien`
    case 'organisation:write':
      return t`Inrichting wijzigen`
    case 'employee:read':
      return t`Medewerkers zien`
    case 'employee:write':
      return t`Medewerkers en rechten wijzigen`
    case 'audit:read':
      return t`Logboek zien`
  }
  return right
}
