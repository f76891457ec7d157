import { useSuspenseQuery } from '@tanstack/react-query'
import { createFileRoute } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { getActionPointOptions, getDossierOptions } from '#/api/generated/@tanstack/react-query.gen'
import { useSite } from '#/api/site'
import { Failed, Loading } from '#/components/States'
import { ActionPointPage } from '#/features/action-point/ActionPointPage'
import type { ViewedFile } from '#/lib/viewing'

const DeliverSheet = lazy(() => import('#/features/deliver/DeliverSheet').then((module) => ({ default: module.DeliverSheet })))
const FileViewer = lazy(() => import('#/lazy/FileViewer').then((module) => ({ default: module.FileViewer })))

export const Route = createFileRoute('/$slug/_app/action-points/$actionPointId')({
  loader: async ({ context: { queryClient }, params: { actionPointId } }) => {
    const point = await queryClient.ensureQueryData(getActionPointOptions({ path: { actionPointId } }))
    await queryClient.ensureQueryData(getDossierOptions({ path: { dossierId: point.dossierId } }))
  },
  pendingComponent: Loading,
  errorComponent: ({ error, reset }) => <Failed error={error} retry={reset} />,
  component: Page,
})

function Page() {
  const { slug, actionPointId } = Route.useParams()
  const { data: point } = useSuspenseQuery(getActionPointOptions({ path: { actionPointId } }))
  const { data: dossier } = useSuspenseQuery(getDossierOptions({ path: { dossierId: point.dossierId } }))
  const site = useSite(slug)
  const [delivering, setDelivering] = useState(false)
  const [viewing, setViewing] = useState<ViewedFile>()
  return (
    <>
      <ActionPointPage site={site} actionPoint={point} dossier={dossier} onDeliver={() => setDelivering(true)} onView={setViewing} />
      <Suspense>
        {delivering && (
          <DeliverSheet
            actionPoint={point}
            dossier={dossier}
            onClose={() => setDelivering(false)}
            onDelivered={() => setDelivering(false)}
          />
        )}
        {viewing && <FileViewer file={viewing} onClose={() => setViewing(undefined)} />}
      </Suspense>
    </>
  )
}
