import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createRouter, RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './styles/tokens.css'
import './styles/base.css'
import './styles/portal.css'
import './styles/app.css'
import './styles/inside.css'
import { whenUnauthenticated } from '#/api/http'
import { ApiProblem } from '#/api/problem'
import { siteOptions } from '#/api/site'
import { StepUp } from '#/components/StepUp'
import { Toasts } from '#/components/Toasts'
import { applyBrand } from '#/lib/brand'
import { loadMessages } from '#/lib/locale'
import { looksAlong } from '#/lib/looking'
import { applyTheme } from '#/lib/theme'
import { routeTree } from './routeTree.gen'

const queryClient = new QueryClient({
  defaultOptions: {
    // Without a connection a form says so at once; it never waits for one in silence.
    mutations: { networkMode: 'always' },
    queries: {
      staleTime: 30_000,
      // A refusal stays a refusal; only a dropped connection or a stumbling server is worth another try.
      retry: (count, error) => count < 1 && (!(error instanceof ApiProblem) || error.status === 0 || error.status >= 500),
    },
  },
})

const router = createRouter({
  routeTree,
  context: { queryClient },
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

const slug = location.pathname.split('/')[1] ?? ''

let lookedAlong = false
let signedIn = false

whenUnauthenticated((code) => {
  const path = router.state.location.pathname
  if (/^\/[^/]+\/(login|activate|forgot|stop|view)/.test(path) || lookedAlong) return
  queryClient.removeQueries({
    predicate: ({ queryKey: [key], state }) => {
      const id = (key as { _id?: string } | undefined)?._id
      // Who comes by a link and was not signed in here is asked to sign in, and is not told of having been away.
      if (id === 'getMe' && state.data) signedIn = true
      return id !== 'getSite'
    },
  })
  // Only the first refusal says why.
  lookedAlong = looksAlong()
  if (lookedAlong) void router.navigate({ to: '/$slug/view', params: { slug }, search: { ended: code } })
  else
    void router.navigate({
      to: '/$slug/login',
      params: { slug },
      search: { next: router.state.location.href, ...(signedIn && { ended: true as const }) },
    })
})

// Not awaited at the top level: one such await and the build merges no small files any more.
async function start(root: HTMLElement) {
  applyTheme()
  // The office's colour and form of address come first, so that nothing is drawn twice.
  const site = slug ? await queryClient.fetchQuery(siteOptions(slug)).catch(() => undefined) : undefined
  if (site) applyBrand(site.brandColour)
  await loadMessages(site?.formOfAddress === 'formal')
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <StepUp />
        <Toasts />
      </QueryClientProvider>
    </StrictMode>,
  )
}

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
void start(root)
