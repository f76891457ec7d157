import { createFileRoute, redirect } from '@tanstack/react-router'
import { lazy, Suspense, useEffect } from 'react'
import { getMeOptions } from '#/api/generated/@tanstack/react-query.gen'
import { ApiProblem } from '#/api/problem'
import { Failed, Loading } from '#/components/States'
import { Shell } from '#/features/shell/Shell'

// Searching comes when the first screen is there, so that Ctrl K never waits.
const load = () => import('#/features/search/Palette')
const Palette = lazy(load)

export const Route = createFileRoute('/_app')({
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.ensureQueryData(getMeOptions())
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) {
        // The router reads a thrown redirect, which is not an Error.
        // oxlint-disable-next-line no-throw-literal, typescript/only-throw-error
        throw redirect({ to: '/login', search: { next: location.href } })
      }
      throw error
    }
  },
  pendingComponent: () => <Loading />,
  errorComponent: ({ error, reset }) => <Failed error={error} retry={reset} />,
  component: App,
})

const palette = (onClose: () => void) => (
  <Suspense fallback={null}>
    <Palette onClose={onClose} />
  </Suspense>
)

function App() {
  useEffect(() => {
    const timer = setTimeout(() => void load(), 1500)
    return () => clearTimeout(timer)
  }, [])
  return <Shell palette={palette} />
}
