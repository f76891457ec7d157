import { i18n } from '@lingui/core'
import { I18nProvider as Messages } from '@lingui/react'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createRouter, RouterProvider } from '@tanstack/react-router'
import { lazy, StrictMode, Suspense, useSyncExternalStore } from 'react'
import { createRoot } from 'react-dom/client'
import { I18nProvider } from 'react-aria-components/I18nProvider'
import './styles/tokens.css'
import './styles/base.css'
import './styles/office.css'
import './styles/app.css'
import { isAway, whenAway } from '#/api/again'
import { whenUnauthenticated } from '#/api/http'
import { ApiProblem } from '#/api/problem'
import { StepUp } from '#/components/StepUp'
import { Toasts } from '#/components/Toasts'
import { getLocale, loadLocale } from '#/lib/locale'
import { applyTheme } from '#/lib/theme'
import { noticeTyping } from '#/lib/typed'
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

whenUnauthenticated(() => {
  if (['/login', '/activate', '/forgot', '/sso'].includes(router.state.location.pathname)) return
  queryClient.clear()
  void router.navigate({ to: '/login', search: { next: router.state.location.href } })
})

// Once in a long while: nobody loads it with the first screen.
const AgainDialog = lazy(() => import('#/features/session/AgainDialog').then((module) => ({ default: module.AgainDialog })))

/** Appears by itself when the session ended under somebody's hands. */
function Again() {
  return useSyncExternalStore(whenAway, isAway) ? (
    <Suspense fallback={null}>
      <AgainDialog />
    </Suspense>
  ) : null
}

applyTheme()
noticeTyping()
const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

// Not awaited at the top level: one such await and the build merges no small files any more.
async function start(at: HTMLElement) {
  await loadLocale(getLocale())
  createRoot(at).render(
    <StrictMode>
      <Messages i18n={i18n}>
        <QueryClientProvider client={queryClient}>
          <I18nProvider locale={getLocale() === 'en' ? 'en-GB' : 'nl-NL'}>
            <RouterProvider router={router} />
            <StepUp />
            <Again />
            <Toasts />
          </I18nProvider>
        </QueryClientProvider>
      </Messages>
    </StrictMode>,
  )
}

void start(root)
