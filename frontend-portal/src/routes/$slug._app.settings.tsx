import { useQueryClient } from '@tanstack/react-query'
import { createFileRoute } from '@tanstack/react-router'
import { useMe } from '#/api/me'
import { useSite } from '#/api/site'
import { Apps } from '#/features/apps/Apps'
import { Devices } from '#/features/security/Devices'
import { Passkeys } from '#/features/security/Passkeys'
import { TwoStepRow } from '#/features/security/TwoStepRow'
import { SettingsPage } from '#/features/settings/SettingsPage'
import { Watched } from '#/features/view/Watched'
import { loadSettings } from '#/lib/locale'

export const Route = createFileRoute('/$slug/_app/settings')({ loader: () => loadSettings(), component: Page })

function Page() {
  const { slug } = Route.useParams()
  const navigate = Route.useNavigate()
  const queryClient = useQueryClient()
  const me = useMe()
  const site = useSite(slug)
  return (
    <SettingsPage
      site={site}
      me={me}
      signIn={
        !me.view && (
          <>
            <TwoStepRow me={me} />
            <Passkeys />
          </>
        )
      }
      devices={!me.view && <Devices />}
      apps={!me.view && <Apps site={site} />}
      watched={<Watched site={site} />}
      onLoggedOut={() => {
        void navigate({ to: '/$slug/login', params: { slug } }).then(() => {
          queryClient.removeQueries({ predicate: (query) => (query.queryKey[0] as { _id?: string } | undefined)?._id !== 'getSite' })
        })
      }}
    />
  )
}
