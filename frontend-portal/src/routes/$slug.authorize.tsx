import { createFileRoute, redirect } from '@tanstack/react-router'
import { getMeOptions } from '#/api/generated/@tanstack/react-query.gen'
import { ApiProblem } from '#/api/problem'
import { useSite } from '#/api/site'
import { OfficeFrame } from '#/components/OfficeFrame'
import { Failed, Loading } from '#/components/States'
import { ConsentPage } from '#/features/apps/ConsentPage'
import { loadInside, loadSettings } from '#/lib/locale'

export const Route = createFileRoute('/$slug/authorize')({
  loader: async ({ context: { queryClient }, params }) => {
    // What the app asks stands behind the #, as it was sent; the router leaves that alone.
    const here = `${window.location.pathname}${window.location.hash}`
    const login = () => redirect({ to: '/$slug/login', params, search: { next: here } })
    try {
      const [me] = await Promise.all([queryClient.ensureQueryData({ ...getMeOptions(), staleTime: 60_000 }), loadInside(), loadSettings()])
      if (me.office.slug !== params.slug) throw login()
    } catch (error) {
      throw error instanceof ApiProblem && error.status === 401 ? login() : error
    }
  },
  pendingComponent: Loading,
  errorComponent: ({ error }) => <Failed error={error} retry={() => location.reload()} />,
  component: Page,
})

function Page() {
  const site = useSite(Route.useParams().slug)
  return (
    <OfficeFrame site={site}>
      <ConsentPage site={site} />
    </OfficeFrame>
  )
}
