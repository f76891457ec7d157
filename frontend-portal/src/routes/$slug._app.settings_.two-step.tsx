import { createFileRoute } from '@tanstack/react-router'
import { useSite } from '#/api/site'
import { TwoStepPage } from '#/features/security/TwoStepPage'
import { loadSettings } from '#/lib/locale'

export const Route = createFileRoute('/$slug/_app/settings_/two-step')({ loader: () => loadSettings(), component: Page })

function Page() {
  return <TwoStepPage site={useSite(Route.useParams().slug)} />
}
