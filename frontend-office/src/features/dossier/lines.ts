import { t } from '@lingui/core/macro'
import type { Event } from '#/api/generated/types.gen'
import type { IconName } from '#/components/icons'

export type Line = { icon: IconName; tone: '' | 'ok' | 'turn' | 'stop'; text: string; quote?: string }

const word = (data: unknown, key: string): string => {
  if (typeof data !== 'object' || data === null) return ''
  const value = (data as Record<string, unknown>)[key]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** An event as a sentence that follows the actor's name. What is not known by name still gets a line: the log hides nothing. */
export function lineOf(event: Pick<Event, 'name' | 'data'>): Line {
  const title = word(event.data, 'title') || word(event.data, 'name') || t`een actiepunt`
  const reason = word(event.data, 'reason')
  const quote = reason ? { quote: reason } : {}
  switch (event.name) {
    case 'dossier.created':
      return { icon: 'folder-simple-user', tone: '', text: t`maakte het dossier` }
    case 'dossier.updated':
      return { icon: 'pencil-simple', tone: '', text: t`wijzigde het dossier` }
    case 'dossier.closed':
      return { icon: 'archive', tone: '', text: t`sloot het dossier` }
    case 'dossier.reopened':
      return { icon: 'folder-simple-user', tone: '', text: t`opende het dossier weer` }
    case 'product.created':
    case 'product.added':
      return { icon: 'plus', tone: '', text: t`voegde ${title} toe` }
    case 'product.updated':
      return { icon: 'pencil-simple', tone: '', text: t`wijzigde ${title}` }
    case 'action_point.created':
    case 'action_points.created':
      return { icon: 'list-checks', tone: '', text: t`vroeg om ${title}` }
    case 'action_point.updated':
      return { icon: 'pencil-simple', tone: '', text: t`wijzigde ${title}` }
    case 'action_point.submitted':
    case 'submission.created':
      return { icon: 'upload-simple', tone: '', text: t`leverde ${title} aan` }
    case 'action_point.approved':
      return { icon: 'check', tone: 'ok', text: t`keurde ${title} goed` }
    case 'action_point.rejected':
      return { icon: 'x', tone: 'stop', text: t`keurde ${title} af`, ...quote }
    case 'action_point.requested':
    case 'action_point.asked_again':
      return { icon: 'arrow-counter-clockwise', tone: 'turn', text: t`vroeg ${title} opnieuw`, ...quote }
    case 'action_point.cancelled':
      return { icon: 'trash', tone: '', text: t`liet ${title} vervallen` }
    case 'document.created':
    case 'document.uploaded':
      return { icon: 'file-text', tone: '', text: t`voegde het document ${title} toe` }
    case 'document.updated':
      return { icon: 'pencil-simple', tone: '', text: t`wijzigde het document ${title}` }
    case 'document.archived':
      return { icon: 'archive', tone: '', text: t`haalde het document ${title} weg` }
    case 'dossier.invited':
    case 'portal_member.invited':
    case 'invitation.sent':
      return { icon: 'paper-plane-tilt', tone: '', text: t`verstuurde een uitnodiging voor het portaal` }
    case 'portal_member.created':
      return { icon: 'user-plus', tone: '', text: t`gaf iemand toegang tot het portaal` }
    case 'portal_member.updated':
      return { icon: 'key', tone: '', text: t`wijzigde een portaallid` }
    case 'portal_member.activated':
    case 'password_link.redeemed':
      return { icon: 'key', tone: 'ok', text: t`koos een wachtwoord` }
    case 'session.created':
    case 'portal_member.logged_in':
      return { icon: 'door-open', tone: '', text: t`logde in` }
    default:
      return { icon: 'info', tone: '', text: event.name.replaceAll(/[._]/g, ' ') }
  }
}
