import { createFileRoute } from '@tanstack/react-router'
import { ActivatePage } from '#/features/session/ActivatePage'

export const Route = createFileRoute('/activate')({ component: Page })

function Page() {
  const navigate = Route.useNavigate()
  return <ActivatePage onSaved={() => void navigate({ to: '/login', search: { fresh: true }, replace: true })} />
}
