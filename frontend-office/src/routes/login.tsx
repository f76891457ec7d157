import { useQueryClient } from '@tanstack/react-query'
import { createFileRoute, useRouter } from '@tanstack/react-router'
import { LoginPage } from '#/features/session/LoginPage'

export const Route = createFileRoute('/login')({
  validateSearch: (search: Record<string, unknown>): { next?: string } => {
    // Only a path of this app: an address from elsewhere never becomes a destination.
    const next = search['next']
    return typeof next === 'string' && /^\/(?!\/|\\|login)/.test(next) ? { next } : {}
  },
  component: Page,
})

function Page() {
  const { next } = Route.useSearch()
  const router = useRouter()
  const queryClient = useQueryClient()
  return (
    <LoginPage
      onDone={() => {
        queryClient.clear()
        router.history.push(next ?? '/dossiers')
      }}
    />
  )
}
