import { createFileRoute } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useCan, useDossier } from '#/api/me'
import { useSite } from '#/api/site'
import { DocumentsPage } from '#/features/documents/DocumentsPage'
import { useChosen } from '#/lib/useChosen'
import type { ViewedFile } from '#/lib/viewing'

const FileViewer = lazy(() => import('#/lazy/FileViewer').then((module) => ({ default: module.FileViewer })))

export const Route = createFileRoute('/$slug/_app/documents')({ component: Page })

function Page() {
  const { slug } = Route.useParams()
  const site = useSite(slug)
  const mayOpen = useCan('portal.dossier:read')
  const [viewing, setViewing] = useState<ViewedFile>()
  return (
    <>
      {mayOpen ? <OfDossier slug={slug} onView={setViewing} /> : <DocumentsPage site={site} dossier={undefined} onView={setViewing} />}
      <Suspense>{viewing && <FileViewer file={viewing} onClose={() => setViewing(undefined)} />}</Suspense>
    </>
  )
}

function OfDossier({ slug, onView }: { slug: string; onView: (file: ViewedFile) => void }) {
  return <DocumentsPage site={useSite(slug)} dossier={useDossier(useChosen())} onView={onView} />
}
