import { t } from '@lingui/core/macro'
import type { PortalMember, SentLink } from '#/api/generated/types.gen'
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
    case 'replaced':
      // No newer link took its place: that one would stand here.
      return t`Vervallen: er is al een wachtwoord gekozen`
  }
}

const when = (at: string | undefined) => (at ? moment(at) : '')

/** How far a link has come, and since when. */
export function linkState(link: SentLink): string {
  switch (link.state) {
    case 'queued':
      return t`Wordt verstuurd`
    case 'sent':
      return t`Verstuurd ${when(link.sentAt)}`
    case 'opened':
      return t`Geopend ${when(link.openedAt)}`
    case 'used':
      return t`Gebruikt ${when(link.usedAt)}`
    case 'expired':
      return t`Verlopen ${when(link.expiresAt)}`
    case 'replaced':
      return t`Vervangen ${when(link.replacedAt)}`
  }
}

/** Who had a link sent. */
export function linkAsker(link: SentLink): string {
  switch (link.askedBy) {
    case 'employee':
      return t`verstuurd door ${link.askerName}`
    case 'api_client':
      return t`verstuurd door koppeling ${link.askerName}`
    case 'customer':
      return t`zelf aangevraagd`
  }
}
