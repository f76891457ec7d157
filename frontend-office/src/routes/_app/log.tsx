import { createFileRoute } from '@tanstack/react-router'
import { LogPage } from '#/features/log/LogPage'
import { parseSearch } from '#/features/log/search'

export const Route = createFileRoute('/_app/log')({ validateSearch: parseSearch, component: Page })

function Page() {
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  return <LogPage search={search} onSearch={(next) => void navigate({ search: next, replace: true })} />
}
