import { createFileRoute } from '@tanstack/react-router'
import { DossiersPage } from '#/features/dossiers/DossiersPage'
import { parseSearch } from '#/features/dossiers/search'

export const Route = createFileRoute('/_app/dossiers/')({ validateSearch: parseSearch, component: Page })

function Page() {
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  return <DossiersPage search={search} onSearch={(next) => void navigate({ search: next, replace: true })} />
}
