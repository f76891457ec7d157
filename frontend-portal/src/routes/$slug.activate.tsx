import { createFileRoute } from '@tanstack/react-router'
import { useSite } from '#/api/site'
import { ActivatePage } from '#/features/session/ActivatePage'
import { loadAround } from '#/lib/locale'

export const Route = createFileRoute('/$slug/activate')({ loader: loadAround, component: Page })

function Page() {
  const { slug } = Route.useParams()
  const navigate = Route.useNavigate()
  return (
    <ActivatePage
      site={useSite(slug)}
      onSaved={(username) => void navigate({ to: '/$slug/login', params: { slug }, search: { username, fresh: true }, replace: true })}
    />
  )
}
