import { t } from '@lingui/core/macro'
import type { PortalMember } from '#/api/generated/types.gen'

export type Preset = PortalMember['preset']
export type Notification = PortalMember['notifications'][number]

export const notifications = ['new_quotes', 'new_invoices', 'completed_jobs'] as const

export const readsDocuments = (member: Pick<PortalMember, 'permissions'>) => member.permissions.includes('portal.document:read')

export function presetWord(preset: Preset): string {
  switch (preset) {
    case 'applicant':
      return t`Aanvrager`
    case 'partner':
      return t`Partner`
    case 'client_employee':
      return t`Medewerker van de klant`
    case 'read_only':
      return t`Alleen lezen`
    case 'custom':
      return t`Aangepast`
  }
}

/** What a right is called, and what it lets somebody do. */
export function rightWords(permission: string): [string, string] {
  switch (permission) {
    case 'portal.dossier:read':
      return [t`Dossier`, t`De voortgang en wat er gevraagd is`]
    case 'portal.submission:create':
      return [t`Aanleveren`, t`Bestanden sturen bij een actiepunt, en terughalen`]
    case 'portal.document:read':
      return [t`Documenten`, t`Bekijken en downloaden, per document te beperken met de sleutel`]
    case 'portal.message:create':
      return [t`Berichten`, t`Schrijven met adviseur en dossierbehandelaar`]
    case 'portal.signature:create':
      return [t`Ondertekenen`, t`Een opdracht of machtiging tekenen`]
    case 'portal.booking:create':
      return [t`Afspraken maken`, t`Een afspraak kiezen of afzeggen`]
    case 'portal.invoice:read':
      return [t`Facturen`, t`Facturen zien en downloaden`]
    case 'portal.payment:create':
      return [t`Betalen`, t`Openstaande bedragen betalen`]
    case 'portal.job_status:read':
      return [t`Stand van opdrachten`, t`Welke opdrachten lopen en gepland zijn`]
    case 'portal.completed_job:read':
      return [t`Afgeronde opdrachten`, t`Wat is uitgevoerd, met de bijlagen`]
    case 'portal.work_request:create':
      return [t`Werkverzoeken`, t`Namens de klant werk aanvragen`]
    case 'portal.asset:read':
      return [t`Objecten`, t`Objecten en het onderhoud dat eraan komt`]
    default:
      return [permission, '']
  }
}

export function notificationWords(notification: Notification): [string, string] {
  switch (notification) {
    case 'new_quotes':
      return [t`Nieuwe offerte`, t`Zodra er iets goed te keuren is`]
    case 'new_invoices':
      return [t`Nieuwe factuur`, t`Zodra er iets te betalen is`]
    case 'completed_jobs':
      return [t`Opdracht afgerond`, t`Met een link naar het resultaat`]
  }
}

const dossier = 'portal.dossier:read'
const deliver = 'portal.submission:create'

/** Handing in needs the dossier in which it is asked: one tick brings or takes the other. */
export function tick(rights: string[], permission: string, on: boolean): string[] {
  const rest = rights.filter((one) => one !== permission)
  if (!on) return permission === dossier ? rest.filter((one) => one !== deliver) : rest
  return permission === deliver && !rest.includes(dossier) ? [...rest, dossier, permission] : [...rest, permission]
}

/** Of which preset these are the ticks: the one that was chosen, as long as nothing was changed. */
export function presetOf(chosen: Preset, rights: string[], presets: { preset: Preset; permissions: string[] }[]): Preset {
  const of = presets.find((one) => one.preset === chosen)
  const key = (list: string[]) =>
    list
      .filter((one) => one !== 'portal.me')
      .toSorted()
      .join()
  return of && key(of.permissions) === key(rights) ? chosen : 'custom'
}
