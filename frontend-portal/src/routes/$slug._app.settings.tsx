import { useQueryClient } from '@tanstack/react-query'
import { createFileRoute } from '@tanstack/react-router'
import { useMe } from '#/api/me'
import { useSite } from '#/api/site'
import { Devices } from '#/features/security/Devices'
import { TwoStepRow } from '#/features/security/TwoStepRow'
import { SettingsPage } from '#/features/settings/SettingsPage'

export const Route = createFileRoute('/$slug/_app/settings')({ component: Page })

function Page() {
  const { slug } = Route.useParams()
  const navigate = Route.useNavigate()
  const queryClient = useQueryClient()
  const me = useMe()
  return (
    <SettingsPage
      site={useSite(slug)}
      me={me}
      signIn={<TwoStepRow me={me} />}
      devices={<Devices />}
      onLoggedOut={() => {
        void navigate({ to: '/$slug/login', params: { slug } }).then(() => {
          queryClient.removeQueries({ predicate: (query) => (query.queryKey[0] as { _id?: string } | undefined)?._id !== 'getSite' })
        })
      }}
    />
  )
}
