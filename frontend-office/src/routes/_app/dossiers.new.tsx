import { createFileRoute } from '@tanstack/react-router'
import { NewDossierPage } from '#/features/intake/NewDossierPage'

export const Route = createFileRoute('/_app/dossiers/new')({ component: Page })

function Page() {
  const navigate = Route.useNavigate()
  return <NewDossierPage onCreated={(dossierId) => void navigate({ to: '/dossiers/$dossierId', params: { dossierId } })} />
}
