import { createFileRoute } from '@tanstack/react-router'
import { useSite } from '#/api/site'
import { TwoStepPage } from '#/features/security/TwoStepPage'

export const Route = createFileRoute('/$slug/_app/settings_/two-step')({ component: Page })

function Page() {
  return <TwoStepPage site={useSite(Route.useParams().slug)} />
}
