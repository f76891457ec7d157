import { useQueryClient } from '@tanstack/react-query'
import { createFileRoute, useRouter } from '@tanstack/react-router'
import { useSite } from '#/api/site'
import { LoginPage } from '#/features/session/LoginPage'

type Search = { next?: string; ended?: true; username?: string; fresh?: true }

export const Route = createFileRoute('/$slug/login')({
  validateSearch: (search: Record<string, unknown>): Search => ({
    // Only a path of this app: an address from elsewhere never becomes a destination.
    ...(typeof search['next'] === 'string' && /^\/(?!\/|\\)/.test(search['next']) ? { next: search['next'] } : {}),
    ...(search['ended'] ? { ended: true as const } : {}),
    ...(search['fresh'] ? { fresh: true as const } : {}),
    ...(typeof search['username'] === 'string' ? { username: search['username'].slice(0, 254) } : {}),
  }),
  component: Page,
})

function Page() {
  const { slug } = Route.useParams()
  const search = Route.useSearch()
  const router = useRouter()
  const queryClient = useQueryClient()
  const site = useSite(slug)
  return (
    <LoginPage
      site={site}
      {...search}
      onDone={() => {
        queryClient.removeQueries({ predicate: (query) => (query.queryKey[0] as { _id?: string } | undefined)?._id !== 'getSite' })
        router.history.push(search.next?.startsWith(`/${slug}`) ? search.next : `/${slug}`)
      }}
    />
  )
}
