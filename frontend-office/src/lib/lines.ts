import { t } from '@lingui/core/macro'
import type { Event } from '#/api/generated/types.gen'
import type { IconName } from '#/components/icons'

export type Line = { icon: IconName; tone: '' | 'ok' | 'turn' | 'stop'; text: string; quote?: string }

const data = (from: unknown, key: string): unknown =>
  typeof from === 'object' && from !== null ? (from as Record<string, unknown>)[key] : undefined

const word = (from: unknown, key: string): string => {
  const value = data(from, key)
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** What an event is about when it does not say so itself, or when what it said was erased. */
const something = (name: string): string => {
  switch (name.split('.')[0]) {
    case 'document':
      return t`een document`
    case 'product':
      return t`een product`
    case 'dossier':
      return t`iemand`
    case 'api_client':
      return t`een programma`
    default:
      return t`een actiepunt`
  }
}

/** Looking along ends in more than one way, and not always by who did it. */
const lookEnded = (why: string, member: string): string => {
  switch (why) {
    case 'expired':
      return t`beëindigde het meekijken als ${member}: het half uur was om`
    case 'signed_out':
      return t`beëindigde het meekijken als ${member}: de medewerker was uitgelogd`
    case 'right_withdrawn':
      return t`beëindigde het meekijken als ${member}: de medewerker mag het niet meer`
    case 'member_blocked':
      return t`beëindigde het meekijken als ${member}: de klant kan niet meer inloggen`
    case 'replaced':
      return t`stopte met meekijken als ${member}, en keek ergens anders mee`
    default:
      return t`stopte met meekijken als ${member}`
  }
}

/** An event as a sentence that follows the actor's name. What is not known by name shows its code: the log hides nothing. */
export function lineOf(event: Pick<Event, 'name' | 'data'>): Line {
  const title = word(event.data, 'title') || word(event.data, 'name') || something(event.name)
  const reason = word(event.data, 'reason')
  const member = word(event.data, 'member') || t`een klant`
  const quote = reason ? { quote: reason } : {}
  switch (event.name) {
    case 'dossier.created':
      return { icon: 'folder-simple-user', tone: '', text: t`maakte het dossier` }
    case 'dossier.changed':
      return { icon: 'pencil-simple', tone: '', text: t`wijzigde het dossier` }
    case 'dossier.closed':
      return { icon: 'archive', tone: '', text: t`sloot het dossier` }
    case 'dossier.reopened':
      return { icon: 'folder-simple-user', tone: '', text: t`opende het dossier weer` }
    case 'dossier.applicant_added':
      return { icon: 'user-plus', tone: '', text: t`voegde ${title} toe als aanvrager` }
    case 'dossier.applicant_removed':
      return { icon: 'archive', tone: '', text: t`haalde ${title} van het dossier` }
    case 'dossier.invited':
    case 'portal_member.invited':
      return { icon: 'paper-plane-tilt', tone: '', text: t`verstuurde een uitnodiging voor het portaal` }
    case 'portal_member.username_mailed':
      return { icon: 'envelope-simple', tone: '', text: t`mailde de gebruikersnaam` }
    case 'product.created':
      return { icon: 'plus', tone: '', text: t`voegde ${title} toe` }
    case 'product.changed':
    case 'action_point.changed':
      return { icon: 'pencil-simple', tone: '', text: t`wijzigde ${title}` }
    case 'action_point.created':
      return { icon: 'list-checks', tone: '', text: t`vroeg om ${title}` }
    case 'action_point.submitted':
      return { icon: 'upload-simple', tone: '', text: t`leverde ${title} aan` }
    case 'action_point.withdrawn':
      return { icon: 'arrow-counter-clockwise', tone: '', text: t`haalde ${title} terug` }
    case 'action_point.approved':
      return { icon: 'check', tone: 'ok', text: t`keurde ${title} goed` }
    case 'action_point.rejected':
      return data(event.data, 'askedAgain') === true
        ? { icon: 'arrow-counter-clockwise', tone: 'turn', text: t`keurde ${title} af en vroeg het opnieuw`, ...quote }
        : { icon: 'x', tone: 'stop', text: t`keurde ${title} af`, ...quote }
    case 'action_point.requested':
      return { icon: 'arrow-counter-clockwise', tone: 'turn', text: t`vroeg ${title} opnieuw`, ...quote }
    case 'action_point.cancelled':
      return { icon: 'trash', tone: '', text: t`liet ${title} vervallen` }
    case 'document.created':
      return { icon: 'file-text', tone: '', text: t`voegde het document ${title} toe` }
    case 'document.updated':
      return { icon: 'pencil-simple', tone: '', text: t`wijzigde het document ${title}` }
    case 'document.shared':
      return { icon: 'eye', tone: '', text: t`zette het document ${title} in het portaal` }
    case 'document.hidden':
      return { icon: 'lock-simple', tone: '', text: t`haalde het document ${title} uit het portaal` }
    case 'document.access_changed':
      return { icon: 'key', tone: '', text: t`koos wie het document ${title} ziet` }
    case 'dossier.reset':
      return { icon: 'arrow-counter-clockwise', tone: '', text: t`zette de testklant terug naar het begin` }
    case 'document.archived':
      return { icon: 'archive', tone: '', text: t`haalde het document ${title} weg` }
    case 'mail.sent':
      return { icon: 'envelope-simple', tone: '', text: t`verstuurde een mail aan de klant` }
    case 'text.sent':
      return { icon: 'envelope-simple', tone: '', text: t`verstuurde een sms aan de klant` }
    case 'contact.created':
    case 'contact.changed':
    case 'client.created':
    case 'client.changed':
      return { icon: 'address-book', tone: '', text: t`wijzigde de gegevens van de klant` }
    case 'portal_member.created':
      return { icon: 'user-plus', tone: '', text: t`gaf iemand toegang tot het portaal` }
    case 'portal_member.changed':
    case 'portal_member.renamed':
      return { icon: 'key', tone: '', text: t`wijzigde een portaallid` }
    case 'portal_member.split':
      return { icon: 'user-plus', tone: '', text: t`gaf het dossier een eigen login` }
    case 'portal_member.joined':
      return { icon: 'key', tone: '', text: t`voegde twee logins van een klant samen` }
    case 'portal_member.archived':
      return { icon: 'archive', tone: 'stop', text: t`archiveerde een portaallid` }
    case 'portal_member.restored':
      return { icon: 'arrow-counter-clockwise', tone: '', text: t`zette een portaallid terug` }
    case 'portal_member.blocked':
      return { icon: 'prohibit', tone: 'stop', text: t`blokkeerde een portaallid` }
    case 'portal_member.unblocked':
      return { icon: 'check', tone: '', text: t`hief de blokkade van een portaallid op` }
    case 'portal_member.password_link_requested':
      return { icon: 'key', tone: '', text: t`vroeg een nieuwe link aan` }
    case 'portal_member.login_code_sent':
      return { icon: 'envelope-simple', tone: '', text: t`verstuurde een inlogcode aan de klant` }
    case 'portal_member.password_set':
    case 'portal_member.password_changed':
      return { icon: 'key', tone: 'ok', text: t`koos een wachtwoord` }
    case 'portal_view.requested':
      return { icon: 'eye', tone: '', text: t`wilde meekijken in het portaal als ${member}`, ...quote }
    case 'portal_view.started':
      return { icon: 'eye', tone: '', text: t`keek mee in het portaal als ${member}`, ...quote }
    case 'portal_view.document_opened':
      return { icon: 'eye', tone: '', text: t`opende ${word(event.data, 'filename')} bij het meekijken als ${member}` }
    case 'portal_view.ended':
      return { icon: 'eye', tone: '', text: lookEnded(word(event.data, 'why'), member) }
    case 'password_link.opened':
      return { icon: 'eye', tone: '', text: t`opende de uitnodiging` }
    case 'portal_member.signed_in':
      return { icon: 'door-open', tone: '', text: t`logde in` }
    case 'employee.signed_in':
      return { icon: 'door-open', tone: '', text: t`logde in` }
    case 'signin.refused':
      return { icon: 'prohibit', tone: 'stop', text: t`werd geweigerd bij het inloggen` }
    case 'session.ended':
      return { icon: 'sign-out', tone: '', text: t`logde uit` }
    case 'employee.created':
    case 'employee.invited':
      return { icon: 'user-plus', tone: '', text: t`nodigde een medewerker uit` }
    case 'employee.changed':
    case 'employee.role_changed':
      return { icon: 'pencil-simple', tone: '', text: t`wijzigde een medewerker` }
    case 'employee.sessions_ended':
      return { icon: 'sign-out', tone: 'turn', text: t`logde een medewerker overal uit` }
    case 'employee.blocked':
      return { icon: 'prohibit', tone: 'stop', text: t`blokkeerde een medewerker` }
    case 'employee.unblocked':
      return { icon: 'check', tone: '', text: t`hief de blokkade van een medewerker op` }
    case 'employee.archived':
      return { icon: 'archive', tone: '', text: t`archiveerde een medewerker` }
    case 'employee.reset':
      return { icon: 'arrow-counter-clockwise', tone: 'turn', text: t`haalde de toegang van een medewerker weg, om opnieuw te beginnen` }
    case 'employee.password_link_requested':
      return { icon: 'key', tone: '', text: t`vroeg een nieuwe link aan` }
    case 'employee_link.opened':
      return { icon: 'eye', tone: '', text: t`opende een persoonlijke link` }
    case 'employee.password_set':
      return { icon: 'key', tone: 'ok', text: t`koos een wachtwoord` }
    case 'employee.second_factor_enrolled':
      return { icon: 'key', tone: 'ok', text: t`koppelde een app om mee in te loggen` }
    case 'employee.recovery_code_used':
      return { icon: 'key', tone: 'turn', text: t`logde in met een herstelcode` }
    case 'role.rights_changed':
      return { icon: 'shield-check', tone: '', text: t`wijzigde de rechten van een rol` }
    case 'session.verified':
      return { icon: 'key', tone: 'ok', text: t`bevestigde met wachtwoord of code wie hij of zij is` }
    case 'step_up.refused':
    case 'second_factor.refused':
      return { icon: 'prohibit', tone: 'stop', text: t`gaf een verkeerd wachtwoord of een verkeerde code` }
    case 'second_factor.set_up_begun':
      return { icon: 'key', tone: '', text: t`begon met inloggen in twee stappen` }
    case 'second_factor.on':
      return { icon: 'check', tone: 'ok', text: t`zette inloggen in twee stappen aan` }
    case 'second_factor.off':
      return { icon: 'key', tone: 'turn', text: t`zette inloggen in twee stappen uit` }
    case 'second_factor.reset':
      return { icon: 'arrow-counter-clockwise', tone: 'turn', text: t`haalde de tweede stap van een login weg` }
    case 'second_factor.recovery_codes_renewed':
      return { icon: 'key', tone: '', text: t`maakte nieuwe herstelcodes` }
    case 'mail.failed':
      return { icon: 'envelope-simple', tone: 'stop', text: t`kon een mail niet bezorgen` }
    case 'text.failed':
      return { icon: 'envelope-simple', tone: 'stop', text: t`kon een sms niet bezorgen` }
    case 'organisation.code_login_on':
      return { icon: 'check', tone: 'ok', text: t`liet klanten ook inloggen met een code` }
    case 'organisation.code_login_off':
      return { icon: 'prohibit', tone: '', text: t`liet klanten niet meer inloggen met een code` }
    case 'organisation.changed':
      return { icon: 'pencil-simple', tone: '', text: t`wijzigde het portaal van het kantoor` }
    case 'organisation.logo_changed':
    case 'organisation.header_photo_changed':
      return { icon: 'image-square', tone: '', text: t`plaatste een afbeelding op het portaal` }
    case 'organisation.logo_removed':
    case 'organisation.header_photo_removed':
      return { icon: 'trash', tone: '', text: t`haalde een afbeelding van het portaal` }
    case 'api_client.created':
      return { icon: 'plugs-connected', tone: '', text: t`maakte de koppeling ${title}` }
    case 'api_client.changed':
      return { icon: 'plugs-connected', tone: '', text: t`wijzigde de koppeling ${title}` }
    case 'api_client.rotated':
      return { icon: 'key', tone: '', text: t`verving het geheim van de koppeling ${title}` }
    case 'api_client.revoked':
      return { icon: 'prohibit', tone: 'stop', text: t`trok de koppeling ${title} in` }
    case 'audit.exported':
      return { icon: 'download-simple', tone: '', text: t`exporteerde het logboek` }
    default:
      return { icon: 'info', tone: '', text: event.name }
  }
}
