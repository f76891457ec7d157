import { createFileRoute } from '@tanstack/react-router'
import { useSite } from '#/api/site'
import { StopPage } from '#/features/session/StopPage'

export const Route = createFileRoute('/$slug/stop')({ component: Page })

function Page() {
  return <StopPage site={useSite(Route.useParams().slug)} />
}
