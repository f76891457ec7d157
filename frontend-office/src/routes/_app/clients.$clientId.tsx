import { createFileRoute } from '@tanstack/react-router'
import { ClientPage } from '#/features/clients/ClientPage'
import { ClientMembers } from '#/features/members/ClientMembers'

export const Route = createFileRoute('/_app/clients/$clientId')({ component: Page })

function Page() {
  const { clientId } = Route.useParams()
  return <ClientPage clientId={clientId} renderMembers={(client, dossiers) => <ClientMembers client={client} dossiers={dossiers} />} />
}
