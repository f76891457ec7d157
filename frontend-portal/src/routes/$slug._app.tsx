import { createFileRoute, Outlet, redirect, retainSearchParams, useRouterState, type ErrorComponentProps } from '@tanstack/react-router'
import { getDossierOptions, getMeOptions, listDossiersOptions } from '#/api/generated/@tanstack/react-query.gen'
import { useMe } from '#/api/me'
import { ApiProblem } from '#/api/problem'
import { useSite } from '#/api/site'
import { OfficeFrame } from '#/components/OfficeFrame'
import { Failed, Loading } from '#/components/States'
import { DossierChooser } from '#/features/shell/DossierChooser'
import { NoDossier } from '#/features/shell/NoDossier'
import { Shell } from '#/features/shell/Shell'
import { loadInside } from '#/lib/locale'
import { useLiveUpdates } from '#/live/useLiveUpdates'

export const Route = createFileRoute('/$slug/_app')({
  validateSearch: (search: Record<string, unknown>): { dossier?: string | undefined } =>
    typeof search['dossier'] === 'string' && /^[0-9a-f-]{36}$/.test(search['dossier']) ? { dossier: search['dossier'] } : {},
  search: { middlewares: [retainSearchParams(['dossier'])] },
  loaderDeps: ({ search }) => ({ dossier: search.dossier }),
  loader: async ({ context: { queryClient }, params, location, deps }) => {
    try {
      const [me, dossiers] = await Promise.all([
        queryClient.ensureQueryData({ ...getMeOptions(), staleTime: 60_000 }),
        queryClient.ensureQueryData(listDossiersOptions({ query: { limit: 50 } })),
        loadInside(),
      ])
      if (me.office.slug !== params.slug) throw redirect({ to: '/$slug/login', params })
      // A dossier that the address names but the login does not open is left to its own error.
      const chosen = deps.dossier ?? (dossiers.items.length === 1 ? dossiers.items[0]?.id : undefined)
      if (chosen) await queryClient.ensureQueryData(getDossierOptions({ path: { dossierId: chosen } }))
      return { chosen, dossiers: dossiers.items }
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) {
        throw redirect({ to: '/$slug/login', params, search: location.pathname === `/${params.slug}` ? {} : { next: location.href } })
      }
      throw error
    }
  },
  // On the way in there is nothing to keep on the screen, so what is coming shows at once.
  pendingMs: 0,
  pendingMinMs: 0,
  pendingComponent: Loading,
  errorComponent: Broken,
  component: Page,
})

function Broken({ error, reset }: ErrorComponentProps) {
  return (
    <OfficeFrame site={useSite(Route.useParams().slug)}>
      <Failed error={error} retry={() => (reset(), location.reload())} />
    </OfficeFrame>
  )
}

function Page() {
  const { slug } = Route.useParams()
  const { chosen, dossiers } = Route.useLoaderData()
  const site = useSite(slug)
  const me = useMe()
  useLiveUpdates()
  const settings = useRouterState({ select: (state) => /^\/[^/]+\/settings(\/|$)/.test(state.location.pathname) })
  return (
    <Shell site={site} me={me} dossierId={chosen} many={dossiers.length > 1}>
      {chosen || settings ? (
        <Outlet />
      ) : dossiers.length > 0 ? (
        <DossierChooser dossiers={dossiers} slug={slug} me={me} />
      ) : (
        <NoDossier site={site} />
      )}
    </Shell>
  )
}
