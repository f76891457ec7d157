import { t } from '@lingui/core/macro'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { listPortalMembersOptions } from '#/api/generated/@tanstack/react-query.gen'
import type { Client } from '#/api/generated/types.gen'
import { useCan } from '#/api/me'
import { Button } from '#/components/Button'
import { Failed, SkeletonRows } from '#/components/States'
import { AddMemberDialog } from './AddMemberDialog'
import { ArchivedMembers } from './ArchivedMembers'
import { MemberCard } from './MemberCard'

/** Everyone of a client who can open the portal. */
export function ClientMembers({ client, dossiers }: { client: Client; dossiers: { id: string; name: string; reference: string }[] }) {
  const mayWrite = useCan('member:write')
  const [adding, setAdding] = useState(false)
  const members = useQuery(listPortalMembersOptions({ query: { clientId: client.id, archived: true, limit: 200 } }))
  const all = members.data?.items ?? []
  const items = all.filter((member) => member.state !== 'archived')
  return (
    <section aria-labelledby="client-members">
      <div className="sec-h">
        <h2 id="client-members">{t`Klantportaal`}</h2>
        {mayWrite && (
          <div className="end">
            <Button variant="quiet" small icon="user-plus" onClick={() => setAdding(true)}>
              {t`Lid toevoegen`}
            </Button>
          </div>
        )}
      </div>
      {members.isPending ? (
        <SkeletonRows rows={2} />
      ) : members.isError ? (
        <Failed error={members.error} retry={() => void members.refetch()} />
      ) : items.length === 0 ? (
        <p className="small muted">{t`Nog niemand heeft toegang tot het portaal.`}</p>
      ) : (
        <div className="rows">
          {items.map((member) => (
            <MemberCard key={member.id} person={member} member={member} logins={items} />
          ))}
        </div>
      )}
      <ArchivedMembers members={all} />
      {adding && (
        <AddMemberDialog
          clientId={client.id}
          contacts={client.contacts.filter((contact) => !items.some((member) => member.contactId === contact.id))}
          dossiers={dossiers}
          onClose={() => setAdding(false)}
        />
      )}
    </section>
  )
}
