import { createFileRoute } from '@tanstack/react-router'
import { useSite } from '#/api/site'
import { StopPage } from '#/features/session/StopPage'
import { loadAround } from '#/lib/locale'

export const Route = createFileRoute('/$slug/stop')({ loader: loadAround, component: Page })

function Page() {
  return <StopPage site={useSite(Route.useParams().slug)} />
}
