import { useQueryClient } from '@tanstack/react-query'
import { createFileRoute, useRouter } from '@tanstack/react-router'
import { SsoPage } from '#/features/session/SsoPage'

export const Route = createFileRoute('/sso')({ component: Page })

function Page() {
  const router = useRouter()
  const queryClient = useQueryClient()
  return (
    <SsoPage
      onDone={() => {
        queryClient.clear()
        router.history.replace('/dossiers')
      }}
    />
  )
}
