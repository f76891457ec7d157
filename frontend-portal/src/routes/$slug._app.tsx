import { useQueryClient } from '@tanstack/react-query'
import {
  createFileRoute,
  Navigate,
  Outlet,
  redirect,
  retainSearchParams,
  useRouter,
  useRouterState,
  type ErrorComponentProps,
} from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useRef } from 'react'
import { getDossierOptions, getMeOptions, listDossiersOptions } from '#/api/generated/@tanstack/react-query.gen'
import { useMe } from '#/api/me'
import { ApiProblem, isForbidden } from '#/api/problem'
import { useSite } from '#/api/site'
import { OfficeFrame } from '#/components/OfficeFrame'
import { Failed, Loading } from '#/components/States'
import { DossierChooser } from '#/features/shell/DossierChooser'
import { NoDossier } from '#/features/shell/NoDossier'
import { NoRight } from '#/features/shell/NoRight'
import { Shell } from '#/features/shell/Shell'
import { loadInside, loadSettings } from '#/lib/locale'
import { looksAlong, startLooking } from '#/lib/looking'
import { useLiveUpdates } from '#/live/useLiveUpdates'

const ViewBar = lazy(async () => {
  const [module] = await Promise.all([import('#/features/view/ViewBar'), loadSettings()])
  return { default: module.ViewBar }
})

export const Route = createFileRoute('/$slug/_app')({
  validateSearch: (search: Record<string, unknown>): { dossier?: string | undefined } =>
    typeof search['dossier'] === 'string' && /^[0-9a-f-]{36}$/.test(search['dossier']) ? { dossier: search['dossier'] } : {},
  search: { middlewares: [retainSearchParams(['dossier'])] },
  loaderDeps: ({ search }) => ({ dossier: search.dossier }),
  loader: async ({ context: { queryClient }, params, location, deps }) => {
    try {
      const [me, dossiers] = await Promise.all([
        queryClient.ensureQueryData({ ...getMeOptions(), staleTime: 60_000 }),
        queryClient.ensureQueryData(listDossiersOptions({ query: { limit: 50 } })).catch((error: unknown) => {
          if (isForbidden(error)) return { items: [] }
          throw error
        }),
        loadInside(),
      ])
      if (me.view) startLooking(me.view.backUrl)
      if (me.office.slug !== params.slug) throw redirect({ to: '/$slug/login', params })
      // A dossier that the address names but the login does not open is left to its own error.
      const named = deps.dossier ?? (dossiers.items.length === 1 ? dossiers.items[0]?.id : undefined)
      const chosen = me.permissions.includes('portal.dossier:read') ? named : undefined
      if (chosen) await queryClient.ensureQueryData(getDossierOptions({ path: { dossierId: chosen } }))
      return { chosen, dossiers: dossiers.items }
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) {
        if (looksAlong()) throw redirect({ to: '/$slug/view', params, search: { ended: error.code } })
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

/** Rights that the office gave or took while the page is open: what was read with the old ones goes, and the route is entered afresh. */
function useFollowRights(permissions: string[]) {
  const router = useRouter()
  const queryClient = useQueryClient()
  const now = permissions.toSorted().join()
  const before = useRef(now)
  useEffect(() => {
    if (before.current === now) return
    before.current = now
    const kept = new Set(['getSite', 'getMe'])
    // Resetting, not removing: what is already on screen is fetched again.
    void queryClient.resetQueries({
      predicate: (query) => !kept.has(String((query.queryKey[0] as { _id?: string } | undefined)?._id)),
    })
    void router.invalidate()
  }, [now, router, queryClient])
}

function Page() {
  const { slug } = Route.useParams()
  const { chosen, dossiers } = Route.useLoaderData()
  const site = useSite(slug)
  const me = useMe()
  useLiveUpdates()
  useFollowRights(me.permissions)
  const path = useRouterState({ select: (state) => state.location.pathname })
  const settings = /^\/[^/]+\/settings(\/|$)/.test(path)
  const mayOpen = me.permissions.includes('portal.dossier:read')
  const mayRead = me.permissions.includes('portal.document:read')
  const documents = path.endsWith('/documents')
  return (
    <Shell
      site={site}
      me={me}
      bar={
        me.view && (
          <Suspense>
            <ViewBar me={me} view={me.view} />
          </Suspense>
        )
      }
      dossierId={mayOpen ? chosen : undefined}
      many={mayOpen && dossiers.length > 1}
    >
      {settings ? (
        <Outlet />
      ) : documents && !mayRead ? (
        <NoRight site={site} />
      ) : documents && !mayOpen ? (
        <Outlet />
      ) : !mayOpen ? (
        mayRead && path.replace(/\/$/, '') === `/${slug}` ? (
          <Navigate to="/$slug/documents" params={{ slug }} replace />
        ) : (
          <NoRight site={site} />
        )
      ) : chosen ? (
        <Outlet />
      ) : dossiers.length > 0 ? (
        <DossierChooser dossiers={dossiers} slug={slug} me={me} />
      ) : (
        <NoDossier site={site} />
      )}
    </Shell>
  )
}
