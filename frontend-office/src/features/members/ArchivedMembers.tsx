import { t } from '@lingui/core/macro'
import type { PortalMember } from '#/api/generated/types.gen'
import { Icon } from '#/components/Icon'
import { MemberCard } from './MemberCard'

/** Who once had a way in, folded away. */
export function ArchivedMembers({ members }: { members: PortalMember[] }) {
  const archived = members.filter((member) => member.state === 'archived')
  if (archived.length === 0) return null
  return (
    <details className="archived">
      <summary>
        <Icon name="caret-right" small />
        {t`Gearchiveerd`} <span className="faint">{archived.length}</span>
      </summary>
      <div className="rows">
        {archived.map((member) => (
          <MemberCard key={member.id} person={member} member={member} />
        ))}
      </div>
    </details>
  )
}
