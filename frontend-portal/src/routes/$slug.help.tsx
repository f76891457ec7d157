import { createFileRoute } from '@tanstack/react-router'
import { useSite } from '#/api/site'
import { HelpPage } from '#/features/session/HelpPage'
import { loadAround } from '#/lib/locale'

export const Route = createFileRoute('/$slug/help')({ loader: loadAround, component: Page })

function Page() {
  return <HelpPage site={useSite(Route.useParams().slug)} />
}
