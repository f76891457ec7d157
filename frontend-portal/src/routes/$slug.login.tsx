import { useQueryClient } from '@tanstack/react-query'
import { createFileRoute, useRouter } from '@tanstack/react-router'
import { lazy, Suspense, useEffect } from 'react'
import { useSite } from '#/api/site'
import { Loading } from '#/components/States'
import { LoginPage } from '#/features/session/LoginPage'
import { loadAround, loadInside, loadSettings } from '#/lib/locale'
import { stopLooking } from '#/lib/looking'

// Most people never see these: they come when they are asked for, with the texts that belong to them.
const afterPassword = () => Promise.all([import('#/features/security/SecondStep'), loadInside(), loadSettings()])
const SecondStep = lazy(async () => ({ default: (await afterPassword())[0].SecondStep }))
const MustSetUp = lazy(async () => ({ default: (await afterPassword())[0].MustSetUp }))

const CodeStep = lazy(async () => ({ default: (await Promise.all([import('#/features/session/CodeStep'), loadAround()]))[0].CodeStep }))

type Search = { next?: string; ended?: true; username?: string; fresh?: true; code?: true }

export const Route = createFileRoute('/$slug/login')({
  validateSearch: (search: Record<string, unknown>): Search => ({
    // Only a path of this app: an address from elsewhere never becomes a destination.
    ...(typeof search['next'] === 'string' && /^\/(?!\/|\\)/.test(search['next']) ? { next: search['next'] } : {}),
    ...(search['ended'] ? { ended: true as const } : {}),
    ...(search['fresh'] ? { fresh: true as const } : {}),
    ...(search['code'] ? { code: true as const } : {}),
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
  useEffect(stopLooking, [])
  const enter = () => {
    queryClient.removeQueries({ predicate: (query) => (query.queryKey[0] as { _id?: string } | undefined)?._id !== 'getSite' })
    router.history.push(search.next?.startsWith(`/${slug}`) ? search.next : `/${slug}`)
  }
  return (
    <LoginPage
      site={site}
      {...search}
      onCode={(code) => {
        const { code: _, ...rest } = search
        void router.navigate({ to: '/$slug/login', params: { slug }, search: code ? { ...rest, code } : rest, replace: !code })
      }}
      onDone={enter}
      renderNext={(step, onBack, { name, ways, onStatus }) => (
        <Suspense fallback={<Loading />}>
          {step === 'code' ? (
            <CodeStep site={site} name={name} onStatus={onStatus} onBack={onBack} />
          ) : step === 'second_factor' ? (
            <SecondStep site={site} ways={ways} onDone={enter} onBack={onBack} />
          ) : (
            <MustSetUp site={site} onDone={enter} onBack={onBack} />
          )}
        </Suspense>
      )}
    />
  )
}
