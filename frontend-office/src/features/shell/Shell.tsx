import { t } from '@lingui/core/macro'
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { useEffect, useState, type ReactNode } from 'react'
import { getDossierCountsOptions } from '#/api/generated/@tanstack/react-query.gen'
import { useCan, useMe } from '#/api/me'
import { Bell } from '#/components/Bell'
import { IconButton } from '#/components/Button'
import { DoorMark } from '#/components/DoorMark'
import { Icon } from '#/components/Icon'
import type { IconName } from '#/components/icons'
import { searchKey } from '#/lib/keys'
import { useLiveUpdates } from '#/live/useLiveUpdates'
import { StillThere } from './StillThere'
import { UserMenu } from './UserMenu'

export function Shell({ palette }: { palette: (onClose: () => void) => ReactNode }) {
  useLiveUpdates()
  const me = useMe()
  const [whose] = useState(me.id)
  useEffect(() => {
    // Somebody else logged in in another tab: nothing of the one before stays.
    if (me.id !== whose) location.replace('/dossiers')
  }, [me.id, whose])
  const [open, setOpen] = useState(false)
  const counts = useQuery(getDossierCountsOptions()).data
  const [searching, setSearching] = useState(false)
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== 'k') return
      event.preventDefault()
      // A dialog that is being filled in is not covered by another.
      if (!document.querySelector('.modal-veil')) setSearching(true)
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
  const canSetUp = useCan('organisation:read')
  const canAudit = useCan('audit:read')
  return (
    <>
      <a className="skip" href="#inhoud">{t`Naar de inhoud`}</a>
      <div className="app">
        <nav className={open ? 'side is-open' : 'side'} aria-label={t`Hoofdmenu`}>
          <div className="top">
            <div className="tenant">
              <DoorMark />
              {me.organisation.name}
            </div>
            <span className="menu-toggle">
              <IconButton
                icon={open ? 'x' : 'list'}
                label={open ? t`Menu sluiten` : t`Menu openen`}
                aria-expanded={open}
                onClick={() => setOpen(!open)}
              />
            </span>
          </div>
          {/* Choosing a place closes the menu of a small screen; the links inside are the controls. */}
          {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions */}
          <div className="fold" onClick={(event) => event.target instanceof Element && event.target.closest('a') && setOpen(false)}>
            <button type="button" className="seek" aria-keyshortcuts="Control+K Meta+K" onClick={() => setSearching(true)}>
              <Icon name="magnifying-glass" />
              {t`Zoek of doe iets`}
              <kbd aria-hidden="true">{searchKey}</kbd>
            </button>
            <ul>
              <Place
                to="/review"
                icon="tray"
                label={t`Te beoordelen`}
                end={<Bell count={me.counts?.toReview ?? counts?.toReview ?? 0} />}
              />
            </ul>
            <h2>{t`Klanten`}</h2>
            <ul>
              <Place to="/dossiers" icon="folder-simple-user" label={t`Dossiers`} end={counts && <span className="n">{counts.all}</span>} />
              <Place to="/clients" icon="address-book" label={t`Klanten`} />
            </ul>
            {(canSetUp || canAudit) && (
              <>
                <h2>{t`Inrichting`}</h2>
                <ul>
                  {canSetUp && (
                    <>
                      <Place to="/settings/portal" icon="door-open" label={t`Portaal`} />
                      <Place to="/settings/employees" icon="users-three" label={t`Medewerkers`} />
                      <Place to="/settings/rights" icon="shield-check" label={t`Rechten`} />
                      <Place to="/settings/sso" icon="key" label={t`Eenmalig inloggen`} />
                      <Place to="/settings/api-clients" icon="plugs-connected" label={t`Koppelingen`} />
                    </>
                  )}
                  {canAudit && <Place to="/log" icon="scroll" label={t`Logboek`} />}
                </ul>
              </>
            )}
            <UserMenu me={me} />
          </div>
        </nav>
        <Outlet />
        {searching && palette(() => setSearching(false))}
        <StillThere />
      </div>
    </>
  )
}

function Place({
  to,
  icon,
  label,
  end,
}: {
  to: string
  icon: 'tray' | 'folder-simple-user' | 'address-book' | 'door-open' | 'users-three' | 'shield-check' | 'key' | 'plugs-connected' | 'scroll'
  label: string
  end?: ReactNode
}) {
  const path = useRouterState({ select: (state) => state.location.pathname })
  const here = path === to || path.startsWith(`${to}/`)
  const shown: IconName = here ? `${icon}-fill` : icon
  return (
    <li>
      <Link to={to} aria-current={here ? 'page' : undefined}>
        <Icon name={shown} />
        {label}
        {end}
      </Link>
    </li>
  )
}
