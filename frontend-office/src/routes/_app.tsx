import { createFileRoute, redirect } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { getMeOptions } from '#/api/generated/@tanstack/react-query.gen'
import { ApiProblem } from '#/api/problem'
import { Failed, Loading } from '#/components/States'
import { Shell } from '#/features/shell/Shell'

// Searching comes with the first Ctrl K.
const Palette = lazy(() => import('#/features/search/Palette'))

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
  component: () => (
    <Shell
      palette={(onClose) => (
        <Suspense fallback={null}>
          <Palette onClose={onClose} />
        </Suspense>
      )}
    />
  ),
})
