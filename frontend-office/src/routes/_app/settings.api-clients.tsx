import { createFileRoute } from '@tanstack/react-router'
import { ProgramsPage } from '#/features/programs/ProgramsPage'

export const Route = createFileRoute('/_app/settings/api-clients')({
  validateSearch: (search: Record<string, unknown>): { revoked?: true } => (search['revoked'] === true ? { revoked: true } : {}),
  component: Page,
})

function Page() {
  const { revoked } = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <ProgramsPage
      revoked={revoked ?? false}
      onRevoked={(next) => void navigate({ search: next ? { revoked: true } : {}, replace: true })}
    />
  )
}
