import { t } from '@lingui/core/macro'
import type { ActorKind } from './search'

/** What events are about, as the filter names it; the key is the first part of their names. */
export const resources = (): Record<string, string> => ({
  dossier: t`Dossiers`,
  product: t`Producten`,
  action_point: t`Actiepunten`,
  document: t`Documenten`,
  client: t`Klanten`,
  contact: t`Contactpersonen`,
  portal_member: t`Portaalleden`,
  portal_view: t`Meekijken`,
  password_link: t`Wachtwoordlinks`,
  employee: t`Medewerkers`,
  role: t`Rechten`,
  signin: t`Geweigerde logins`,
  session: t`Sessies`,
  second_factor: t`Inloggen in twee stappen`,
  passkey: t`Passkeys`,
  mail: t`E-mail`,
  organisation: t`Kantoor`,
  api_client: t`Koppelingen`,
  audit: t`Logboek`,
})

export function actorKindWord(kind: ActorKind): string {
  switch (kind) {
    case 'member':
      return t`Klanten`
    case 'api_client':
      return t`Koppelingen`
    case 'system':
      return t`Voordeur zelf`
    case 'visitor':
      return t`Wie nog niet inlogde`
  }
}
