import { createFileRoute } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useDossier } from '#/api/me'
import { useSite } from '#/api/site'
import { DocumentsPage } from '#/features/documents/DocumentsPage'
import { useChosen } from '#/lib/useChosen'
import type { ViewedFile } from '#/lib/viewing'

const FileViewer = lazy(() => import('#/lazy/FileViewer').then((module) => ({ default: module.FileViewer })))

export const Route = createFileRoute('/$slug/_app/documents')({ component: Page })

function Page() {
  const { slug } = Route.useParams()
  const dossier = useDossier(useChosen())
  const [viewing, setViewing] = useState<ViewedFile>()
  return (
    <>
      <DocumentsPage site={useSite(slug)} dossier={dossier} onView={setViewing} />
      <Suspense>{viewing && <FileViewer file={viewing} onClose={() => setViewing(undefined)} />}</Suspense>
    </>
  )
}
