import { t } from '@lingui/core/macro'
import { useQuery } from '@tanstack/react-query'
import { createFileRoute } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { getDossierOptions } from '#/api/generated/@tanstack/react-query.gen'
import { useCan } from '#/api/me'
import { Failed, Loading } from '#/components/States'
import { AddDialog } from '#/features/action-points/AddDialog'
import { PointsTab } from '#/features/action-points/PointsTab'
import { YourTurn } from '#/features/action-points/YourTurn'
import { DossierHead } from '#/features/dossier/DossierHead'
import { Overview } from '#/features/dossier/Overview'
import { tabs, type Tab } from '#/features/dossier/tabs'
import { Timeline } from '#/features/dossier/Timeline'
import { InviteDialog } from '#/features/members/InviteDialog'
import { LookAlong } from '#/features/members/LookAlong'
import { PortalCard } from '#/features/members/PortalCard'
import { PortalTab } from '#/features/members/PortalTab'
import { useHotkeys, useTitle } from '#/lib/hooks'

// Table, drag and drop and resumable upload come with the tab that needs them.
const DocumentsTab = lazy(() => import('#/features/documents/DocumentsTab').then((module) => ({ default: module.DocumentsTab })))

export const Route = createFileRoute('/_app/dossiers/$dossierId')({
  validateSearch: (search: Record<string, unknown>): { tab?: Tab } => {
    const tab = tabs.find((known) => known === search['tab'])
    return tab && tab !== 'overview' ? { tab } : {}
  },
  loader: ({ context, params }) => {
    void context.queryClient.prefetchQuery(getDossierOptions({ path: { dossierId: params.dossierId } }))
  },
  component: Page,
})

function Page() {
  const { dossierId } = Route.useParams()
  const { tab = 'overview' } = Route.useSearch()
  const navigate = Route.useNavigate()
  const query = useQuery(getDossierOptions({ path: { dossierId } }))
  const [open, setOpen] = useState<'add' | 'invite'>()
  const mayAsk = useCan('action_point:write') && query.data?.status === 'open'
  useTitle(query.data?.name ?? '')
  useHotkeys({
    ...(mayAsk ? { a: () => setOpen('add') } : {}),
    ...(tab === 'points' ? {} : { b: () => void navigate({ to: '/review' }) }),
  })
  if (query.isPending || query.isError) {
    return (
      <main className="main" id="inhoud">
        <h1 className="sr">{t`Dossier`}</h1>
        {query.isPending ? <Loading /> : <Failed error={query.error} retry={() => void query.refetch()} />}
      </main>
    )
  }
  const dossier = query.data
  const invite = () => setOpen('invite')
  return (
    <main className="main" id="inhoud">
      <DossierHead dossier={dossier} tab={tab} look={<LookAlong dossier={dossier} />} onAdd={() => setOpen('add')} onInvite={invite} />
      {tab === 'overview' && (
        <Overview dossier={dossier} turn={<YourTurn dossier={dossier} />} portal={<PortalCard dossier={dossier} onInvite={invite} />} />
      )}
      {tab === 'points' && <PointsTab dossier={dossier} onAdd={() => setOpen('add')} />}
      {tab === 'documents' && (
        <Suspense fallback={<Loading />}>
          <DocumentsTab dossier={dossier} />
        </Suspense>
      )}
      {tab === 'timeline' && (
        // A log without a control in it must still scroll by keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className="scroll" tabIndex={0} role="region" aria-label={t`Tijdlijn`}>
          <div className="c-main form-page">
            <Timeline dossierId={dossier.id} />
          </div>
        </div>
      )}
      {tab === 'portal' && <PortalTab dossier={dossier} onInvite={invite} />}
      {open === 'add' && <AddDialog dossier={dossier} onClose={() => setOpen(undefined)} />}
      {open === 'invite' && <InviteDialog dossier={dossier} onClose={() => setOpen(undefined)} />}
    </main>
  )
}
