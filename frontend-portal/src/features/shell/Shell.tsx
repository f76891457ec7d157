import { t } from '@lingui/core/macro'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import { getDossierOptions } from '#/api/generated/@tanstack/react-query.gen'
import type { Me, Site } from '#/api/generated/types.gen'
import { useCan } from '#/api/me'
import { DoorMark } from '#/components/DoorMark'
import { Icon } from '#/components/Icon'
import { icons } from '#/components/icons'
import { insideIcons } from '#/components/insideIcons'
import { OfficeLogo } from '#/components/OfficeLogo'
import { useOnline } from '#/lib/hooks'
import { initials } from '#/lib/text'
import { Tabs } from './Tabs'
import { Phone } from '#/components/Phone'

// Nobody has been away for half an hour in the first minute, so it is no part of the first load.
const StillThere = lazy(async () => ({ default: (await import('./StillThere')).StillThere }))

// Every screen behind the login stands in this frame, so they come along with it.
Object.assign(icons, insideIcons)

/** The house around every page: the office's name on top, the parts of the dossier, on a phone the dock below. */
export function Shell({
  site,
  me,
  bar,
  dossierId,
  many,
  children,
}: {
  site: Site
  me: Me
  /** On top of everything: that somebody looks along. */
  bar: ReactNode
  dossierId: string | undefined
  many: boolean
  children: ReactNode
}) {
  const { data: dossier } = useQuery({ ...getDossierOptions({ path: { dossierId: dossierId ?? '' } }), enabled: Boolean(dossierId) })
  const open = dossier?.openCount ?? 0
  const slug = site.slug
  const online = useOnline()
  const mayOpen = useCan('portal.dossier:read')
  const mayRead = useCan('portal.document:read')
  const places = 1 + [mayOpen, mayRead, many].filter(Boolean).length
  const name = `${me.firstName} ${me.lastName}`
  const [settled, setSettled] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(true), 60_000)
    return () => clearTimeout(timer)
  }, [])
  return (
    <>
      {settled && !me.view && (
        <Suspense fallback={null}>
          <StillThere />
        </Suspense>
      )}
      <a className="skip" href="#inhoud">{t`Naar de inhoud`}</a>
      {bar}
      <header className="top">
        <div className="wrap">
          <Link className="logo" to="/$slug" params={{ slug }}>
            <OfficeLogo site={site} />
          </Link>
          <nav className="top-nav" aria-label={t`Hoofdmenu`}>
            {mayOpen && <Link to="/$slug" params={{ slug }} activeOptions={{ exact: true, includeSearch: false }}>{t`Dossier`}</Link>}
            {mayRead && <Link to="/$slug/documents" params={{ slug }}>{t`Documenten`}</Link>}
            {many && (
              <Link
                to="/$slug"
                params={{ slug }}
                search={{ dossier: undefined }}
                activeProps={{}}
                aria-current={undefined}
              >{t`Ander dossier`}</Link>
            )}
          </nav>
          <div className="top-end">
            {dossierId && (
              <Link className="btn btn-quiet btn-icon" to="/$slug" params={{ slug }} hash="beurt" aria-label={t`Open actiepunten: ${open}`}>
                <Icon name="bell" />
                {open > 0 && (
                  <span className="dot" aria-hidden="true">
                    {open}
                  </span>
                )}
              </Link>
            )}
            <Link className="me btn-quiet" to="/$slug/settings" params={{ slug }}>
              <span className="avatar" aria-hidden="true">
                {initials(name)}
              </span>
              <span>{name}</span>
              <span className="sr">{t`Instellingen`}</span>
            </Link>
          </div>
        </div>
      </header>
      {!online && (
        <p className="offline" role="status">
          <Icon name="link-break" />
          {t`Geen verbinding. Je ziet wat we het laatst konden ophalen.`}
        </p>
      )}
      <main id="inhoud" tabIndex={-1}>
        {dossier && <Tabs slug={slug} dossier={dossier} />}
        {children}
      </main>
      <footer className="foot">
        <div className="wrap">
          <span>{site.name}</span>
          {site.phone && <Phone number={site.phone} />}
          {site.email && <a href={`mailto:${site.email}`}>{site.email}</a>}
          <span className="by">
            <DoorMark />
            {t`Portaal van Voordeur`}
          </span>
        </div>
      </footer>
      <nav className="dock" aria-label={t`Menu`}>
        <ul className={`dock-${places}`}>
          {mayOpen && <DockLink to="/$slug" slug={slug} icon="house" label={t`Dossier`} count={open} exact />}
          {mayRead && <DockLink to="/$slug/documents" slug={slug} icon="files" label={t`Documenten`} />}
          {many && (
            <li>
              <Link to="/$slug" params={{ slug }} search={{ dossier: undefined }} activeProps={{}} aria-current={undefined}>
                <Icon name="folder-open" />
                {t`Dossiers`}
              </Link>
            </li>
          )}
          <DockLink to="/$slug/settings" slug={slug} icon="dots-three-circle" label={t`Meer`} />
        </ul>
      </nav>
    </>
  )
}

function DockLink({
  to,
  slug,
  icon,
  label,
  count = 0,
  exact = false,
}: {
  to: '/$slug' | '/$slug/documents' | '/$slug/settings'
  slug: string
  icon: 'house' | 'files' | 'dots-three-circle'
  label: string
  count?: number
  exact?: boolean
}) {
  return (
    <li>
      <Link to={to} params={{ slug }} activeOptions={{ exact, includeSearch: false }}>
        {({ isActive }) => (
          <>
            <Icon name={isActive ? `${icon}-fill` : icon} />
            {label}
            {count > 0 && (
              <span className="dot" aria-hidden="true">
                {count}
              </span>
            )}
          </>
        )}
      </Link>
    </li>
  )
}
