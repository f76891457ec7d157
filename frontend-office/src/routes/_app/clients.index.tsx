import { createFileRoute } from '@tanstack/react-router'
import { ClientsPage } from '#/features/clients/ClientsPage'

export const Route = createFileRoute('/_app/clients/')({
  validateSearch: (search: Record<string, unknown>): { q?: string } =>
    typeof search['q'] === 'string' && search['q'] ? { q: search['q'].slice(0, 100) } : {},
  component: Page,
})

function Page() {
  const { q = '' } = Route.useSearch()
  const navigate = Route.useNavigate()
  return <ClientsPage q={q} onSearch={(next) => void navigate({ search: next ? { q: next } : {}, replace: true })} />
}
