import { t } from '@lingui/core/macro'
import type { PortalMember } from '#/api/generated/types.gen'
import { moment } from '#/lib/dates'

/** How far an invitation has come, in one sentence. */
export function invitationLine(member: Pick<PortalMember, 'invitation' | 'state'>): string {
  const invitation = member.invitation
  if (!invitation) return member.state === 'active' ? t`Niet nodig` : t`Nog niet verstuurd`
  switch (invitation.state) {
    case 'queued':
      return t`Wordt verstuurd`
    case 'sent':
      return invitation.sentAt ? t`Verstuurd ${moment(invitation.sentAt)}` : t`Verstuurd`
    case 'opened':
      return invitation.openedAt ? t`Geopend ${moment(invitation.openedAt)}` : t`Geopend`
    case 'used':
      return t`Gebruikt`
    case 'expired':
      return t`Verlopen na 48 uur`
  }
}
