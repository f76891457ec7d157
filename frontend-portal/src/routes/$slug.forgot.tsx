import { createFileRoute } from '@tanstack/react-router'
import { useSite } from '#/api/site'
import { ForgotPage } from '#/features/session/ForgotPage'

export const Route = createFileRoute('/$slug/forgot')({ component: Page })

function Page() {
  const { slug } = Route.useParams()
  return <ForgotPage site={useSite(slug)} />
}
