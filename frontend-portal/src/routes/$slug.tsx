import { useQueryClient } from '@tanstack/react-query'
import { createFileRoute, notFound, Outlet } from '@tanstack/react-router'
import { ApiProblem, isNotFound } from '#/api/problem'
import { siteOptions } from '#/api/site'
import { OfficeFrame } from '#/components/OfficeFrame'
import { Failed, Loading } from '#/components/States'
import { NoOffice } from '#/features/shell/NoOffice'

export const Route = createFileRoute('/$slug')({
  loader: async ({ context, params }) => {
    try {
      await context.queryClient.ensureQueryData(siteOptions(params.slug))
    } catch (error) {
      if (isNotFound(error)) throw notFound()
      throw error
    }
  },
  component: Outlet,
  notFoundComponent: Nowhere,
  pendingComponent: Loading,
  errorComponent: ({ error }) => <Failed error={error} retry={() => location.reload()} />,
})

/** No such office, or an office without such a page. */
function Nowhere() {
  const { slug } = Route.useParams()
  const site = useQueryClient().getQueryData(siteOptions(slug).queryKey)
  if (!site) return <NoOffice />
  return (
    <OfficeFrame site={site}>
      <Failed error={new ApiProblem(404, {})} retry={() => location.reload()} />
    </OfficeFrame>
  )
}
