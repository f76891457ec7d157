import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { closeDossierMutation, reopenDossierMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { Dossier } from '#/api/generated/types.gen'
import { ifMatch } from '#/api/http'
import { isStale } from '#/api/problem'
import { useCan } from '#/api/me'
import { Bell } from '#/components/Bell'
import { Button } from '#/components/Button'
import { ConfirmDialog } from '#/components/Dialog'
import { Icon } from '#/components/Icon'
import { Menu } from '#/components/Menu'
import { Avatars } from '#/components/People'
import { Ring } from '#/components/Progress'
import { Conflict, Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'
import { day, dueTone, longDay } from '#/lib/dates'
import { centre } from '#/lib/keys'
import { fullName } from '#/lib/text'
import { phaseWord } from '#/lib/words'
import { EditDossierDialog } from './EditDossierDialog'
import { tabs, type Tab } from './tabs'

export function DossierHead({
  dossier,
  tab,
  look,
  onAdd,
  onInvite,
}: {
  dossier: Dossier
  tab: Tab
  /** The way into the portal as the customer. */
  look?: ReactNode
  onAdd: () => void
  onInvite: () => void
}) {
  const queryClient = useQueryClient()
  // The row of tabs scrolls on a phone; the current one is in view.
  const row = useRef<HTMLElement>(null)
  useEffect(() => centre(row.current, tab), [tab])
  const mayWrite = useCan('dossier:write')
  const mayAsk = useCan('action_point:write')
  const mayInvite = useCan('member:write')
  const [doing, setDoing] = useState<'edit' | 'close'>()
  const done = (say: string) => ({
    onSuccess: () => {
      toast(say)
      setDoing(undefined)
      void queryClient.invalidateQueries()
    },
  })
  const close = useMutation({ ...closeDossierMutation(), ...done(t`Dossier afgesloten`) })
  const reopen = useMutation({ ...reopenDossierMutation(), ...done(t`Dossier weer open`) })
  const team = [dossier.adviser, ...(dossier.caseHandler ? [dossier.caseHandler] : [])].map(fullName)
  const words: Record<Tab, string> = {
    overview: t`Overzicht`,
    points: t`Actiepunten`,
    documents: t`Documenten`,
    timeline: t`Tijdlijn`,
    portal: t`Portaal`,
  }
  const isOpen = dossier.status === 'open'
  const phase = phaseWord(dossier.phase).toLocaleLowerCase()
  const target = { path: { dossierId: dossier.id }, headers: ifMatch(dossier.version) }
  const problem: unknown = close.error ?? reopen.error
  const renew = async () => {
    await queryClient.invalidateQueries()
    close.reset()
    reopen.reset()
  }
  return (
    <header className="dhead">
      <nav className="crumb" aria-label={t`Kruimelpad`}>
        <Link to="/dossiers" activeOptions={{ exact: true }}>{t`Dossiers`}</Link>
        <Icon name="caret-right" />
        <Link to="/clients/$clientId" params={{ clientId: dossier.client.id }}>
          {dossier.client.name}
        </Link>
      </nav>
      <div className="row">
        <div>
          <div className="name">
            <h1>{dossier.name}</h1>
            <Avatars names={team} />
            {dossier.isTest && <span className="tag tag-wait">{t`Testklant`}</span>}
            {dossier.status === 'closed' && <span className="tag">{t`Afgesloten`}</span>}
          </div>
          <p className="sub">
            <span className="mono">{dossier.reference}</span>
            {dossier.subject && <span>{dossier.subject}</span>}
            <span>
              <Ring percent={dossier.progress.percent} size={16} />
              {t`${dossier.progress.percent}%, fase ${phase}`}
            </span>
            {dossier.dueOn && (
              <span className={dueTone(dossier.dueOn)}>
                <Icon name="clock" small />
                {t`Deadline ${day(dossier.dueOn)}`}
              </span>
            )}
          </p>
        </div>
        <div className="acts">
          {mayWrite && (
            <Menu
              label={t`Meer acties`}
              className="btn btn-secondary btn-icon"
              entries={[
                { id: 'edit', label: t`Dossier wijzigen`, icon: 'pencil-simple', run: () => setDoing('edit') },
                dossier.status === 'open'
                  ? { id: 'close', label: t`Dossier afsluiten`, icon: 'archive', run: () => setDoing('close') }
                  : { id: 'reopen', label: t`Dossier heropenen`, icon: 'folder-simple-user', run: () => reopen.mutate(target) },
              ]}
            >
              <Icon name="dots-three" />
            </Menu>
          )}
          {mayAsk && isOpen && (
            <Button icon="plus" shortcut="A" onClick={onAdd}>
              {t`Actiepunt`}
            </Button>
          )}
          {look}
          {mayInvite && isOpen && dossier.portalState !== 'active' && tab !== 'overview' && tab !== 'portal' && (
            <Button variant="primary" icon="paper-plane-tilt" onClick={onInvite}>
              {t`Uitnodiging versturen`}
            </Button>
          )}
          {!mayWrite && !mayAsk && <span className="caption">{t`Je kijkt mee: je rol mag niets wijzigen.`}</span>}
        </div>
      </div>
      {!isOpen && (
        <div className="note note-wait closed-note" role="note">
          <Icon name="archive" />
          <div className="grow">
            <b>{dossier.closedAt ? t`Afgesloten op ${longDay(dossier.closedAt)}.` : t`Dit dossier is afgesloten.`}</b>{' '}
            {t`De klant kan alles nog bekijken. Er kan niets meer bij: geen vragen, geen documenten.`}
          </div>
          {mayWrite && (
            <Button small busy={reopen.isPending} onClick={() => reopen.mutate(target)}>
              {t`Dossier heropenen`}
            </Button>
          )}
        </div>
      )}
      {problem !== null &&
        doing === undefined &&
        (isStale(problem) ? <Conflict error={problem} onReload={renew} /> : <Mistake error={problem} />)}
      <nav className="views" ref={row} aria-label={t`Onderdelen van dit dossier`}>
        {tabs.map((one) => (
          <Link
            key={one}
            data-tab={one}
            to="/dossiers/$dossierId"
            params={{ dossierId: dossier.id }}
            search={one === 'overview' ? {} : { tab: one }}
            activeOptions={{ exact: true }}
            aria-current={one === tab ? 'page' : undefined}
          >
            {words[one]}
            {one === 'points' && <Bell count={dossier.toReview} />}
          </Link>
        ))}
      </nav>
      {doing === 'edit' && <EditDossierDialog dossier={dossier} onClose={() => setDoing(undefined)} />}
      {doing === 'close' && (
        <ConfirmDialog
          title={t`${dossier.name} afsluiten?`}
          isOpen
          onClose={() => setDoing(undefined)}
          confirm={t`Dossier afsluiten`}
          busy={close.isPending}
          onConfirm={() => close.mutate(target)}
        >
          <p>{t`De klant kan alles nog bekijken, maar niets meer aanleveren. Je kunt het dossier weer heropenen.`}</p>
          {isStale(close.error) ? <Conflict error={close.error} onReload={renew} /> : <Mistake error={close.error} />}
        </ConfirmDialog>
      )}
    </header>
  )
}
