import { createFileRoute, notFound, Outlet } from '@tanstack/react-router'
import { isNotFound } from '#/api/problem'
import { siteOptions } from '#/api/site'
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
  notFoundComponent: NoOffice,
  pendingComponent: Loading,
  errorComponent: ({ error }) => <Failed error={error} retry={() => location.reload()} />,
})
