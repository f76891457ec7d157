import { createFileRoute } from '@tanstack/react-router'
import { ReviewPage } from '#/features/action-points/ReviewPage'

export const Route = createFileRoute('/_app/review')({
  validateSearch: (search: Record<string, unknown>): { point?: string } => {
    const point = search['point']
    return typeof point === 'string' && /^[0-9a-f-]{36}$/i.test(point) ? { point } : {}
  },
  component: Page,
})

function Page() {
  const { point } = Route.useSearch()
  const navigate = Route.useNavigate()
  return <ReviewPage chosen={point} onChoose={(next) => void navigate({ search: next ? { point: next } : {}, replace: true })} />
}
