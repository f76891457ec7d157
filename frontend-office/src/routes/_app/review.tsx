import { createFileRoute } from '@tanstack/react-router'
import { ReviewPage } from '#/features/action-points/ReviewPage'

export const Route = createFileRoute('/_app/review')({
  validateSearch: (search: Record<string, unknown>): { point?: string; view?: 'board' } => {
    const point = search['point']
    if (search['view'] === 'board') return { view: 'board' }
    return typeof point === 'string' && /^[0-9a-f-]{36}$/i.test(point) ? { point } : {}
  },
  component: Page,
})

function Page() {
  const { point, view } = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <ReviewPage
      chosen={point}
      board={view === 'board'}
      onChoose={(next) => void navigate({ search: next ? { point: next } : {}, replace: true })}
      onBoard={(board) => void navigate({ search: board ? { view: 'board' } : {} })}
    />
  )
}
