import { useQueryClient } from '@tanstack/react-query'
import { createFileRoute } from '@tanstack/react-router'
import { useState } from 'react'
import { useSite } from '#/api/site'
import { ViewPage } from '#/features/view/ViewPage'
import { loadSettings } from '#/lib/locale'
import { startLooking, wayBack } from '#/lib/looking'

export const Route = createFileRoute('/$slug/view')({
  validateSearch: (search: Record<string, unknown>): { ended?: string } =>
    typeof search['ended'] === 'string' && /^[a-z-]{1,40}$/.test(search['ended']) ? { ended: search['ended'] } : {},
  loader: () => loadSettings(),
  component: Page,
})

function Page() {
  const { slug } = Route.useParams()
  const { ended } = Route.useSearch()
  const navigate = Route.useNavigate()
  const queryClient = useQueryClient()
  const [back] = useState(wayBack)
  return (
    <ViewPage
      site={useSite(slug)}
      ended={ended}
      back={back}
      onBegun={({ dossierId }) => {
        startLooking('')
        queryClient.removeQueries({ predicate: (query) => (query.queryKey[0] as { _id?: string } | undefined)?._id !== 'getSite' })
        void navigate({ to: '/$slug', params: { slug }, search: dossierId ? { dossier: dossierId } : {}, replace: true })
      }}
    />
  )
}
