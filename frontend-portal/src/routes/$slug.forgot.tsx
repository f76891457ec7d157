import { createFileRoute } from '@tanstack/react-router'
import { useSite } from '#/api/site'
import { ForgotPage } from '#/features/session/ForgotPage'
import { loadAround } from '#/lib/locale'

export const Route = createFileRoute('/$slug/forgot')({ loader: loadAround, component: Page })

function Page() {
  const { slug } = Route.useParams()
  return <ForgotPage site={useSite(slug)} />
}
