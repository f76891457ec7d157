import type { PortalMember } from '#/api/generated/types.gen'

/** Whether the member could sign in: nobody looks along as somebody who cannot. */
export const mayEnter = (member: PortalMember): boolean => member.state !== 'archived' && member.state !== 'blocked'
