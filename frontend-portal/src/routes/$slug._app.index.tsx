import { createFileRoute } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useDossier, useMe } from '#/api/me'
import { useSite } from '#/api/site'
import { HomePage } from '#/features/home/HomePage'
import type { ViewedFile } from '#/lib/viewing'
import { useChosen } from '#/lib/useChosen'

const DeliverSheet = lazy(() => import('#/features/deliver/DeliverSheet').then((module) => ({ default: module.DeliverSheet })))
const FileViewer = lazy(() => import('#/lazy/FileViewer').then((module) => ({ default: module.FileViewer })))

export const Route = createFileRoute('/$slug/_app/')({ component: Page })

function Page() {
  const { slug } = Route.useParams()
  const dossier = useDossier(useChosen())
  const [delivering, setDelivering] = useState<string>()
  const [viewing, setViewing] = useState<ViewedFile>()
  const point = dossier.actionPoints.find((one) => one.id === delivering)
  return (
    <>
      <HomePage site={useSite(slug)} me={useMe()} dossier={dossier} onDeliver={setDelivering} onView={setViewing} />
      <Suspense>
        {point && (
          <DeliverSheet
            actionPoint={point}
            dossier={dossier}
            onClose={() => setDelivering(undefined)}
            onDelivered={() => setDelivering(undefined)}
          />
        )}
        {viewing && <FileViewer file={viewing} onClose={() => setViewing(undefined)} />}
      </Suspense>
    </>
  )
}
