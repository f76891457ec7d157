import { createFileRoute } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useDossier } from '#/api/me'
import { useSite } from '#/api/site'
import { Failed } from '#/components/States'
import { ProductPage } from '#/features/home/ProductPage'
import { ApiProblem } from '#/api/problem'
import type { ViewedFile } from '#/lib/viewing'
import { useChosen } from '#/lib/useChosen'

const DeliverSheet = lazy(() => import('#/features/deliver/DeliverSheet').then((module) => ({ default: module.DeliverSheet })))
const FileViewer = lazy(() => import('#/lazy/FileViewer').then((module) => ({ default: module.FileViewer })))

export const Route = createFileRoute('/$slug/_app/products/$productId')({ component: Page })

function Page() {
  const { slug, productId } = Route.useParams()
  const dossier = useDossier(useChosen())
  const site = useSite(slug)
  const [delivering, setDelivering] = useState<string>()
  const [viewing, setViewing] = useState<ViewedFile>()
  const product = dossier.products.find((one) => one.id === productId)
  const point = dossier.actionPoints.find((one) => one.id === delivering)
  if (!product) return <Failed error={new ApiProblem(404, {})} retry={() => location.reload()} />
  return (
    <>
      <ProductPage key={productId} site={site} dossier={dossier} product={product} onDeliver={setDelivering} onView={setViewing} />
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
