import { createFileRoute } from '@tanstack/react-router'
import { EmployeesPage } from '#/features/staff/EmployeesPage'

export const Route = createFileRoute('/_app/settings/employees')({
  validateSearch: (search: Record<string, unknown>): { archived?: true } => (search['archived'] === true ? { archived: true } : {}),
  component: Page,
})

function Page() {
  const { archived } = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <EmployeesPage
      archived={archived ?? false}
      onArchived={(next) => void navigate({ search: next ? { archived: true } : {}, replace: true })}
    />
  )
}
