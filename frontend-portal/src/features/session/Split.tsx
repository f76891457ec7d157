import { t } from '@lingui/core/macro'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Site } from '#/api/generated/types.gen'
import { DoorMark } from '#/components/DoorMark'
import { OfficeLogo } from '#/components/OfficeLogo'
import { Street } from '#/components/Street'
import { Phone } from '#/components/Phone'

/** The office's own front door: its drawing or photo beside the form (B1). */
export function Split({
  site,
  title,
  lead,
  say,
  help,
  children,
}: {
  site: Site
  title: string
  lead?: ReactNode
  say: [string, string]
  /** This is the page with help itself. */
  help?: true
  children: ReactNode
}) {
  return (
    <div className={site.headerImage === 'none' ? 'split split-plain' : 'split'}>
      <a className="skip" href="#inhoud">{t`Naar de inhoud`}</a>
      <div className="split-art" role="complementary" aria-label={t`Welkom`}>
        <div className="say">
          <p>{say[0]}</p>
          <p>{say[1]}</p>
        </div>
        {site.headerImage === 'street' && <Street />}
        {site.headerImage === 'photo' && site.headerPhotoUrl && <img className="photo" src={site.headerPhotoUrl} alt="" />}
      </div>
      <main id="inhoud" className="split-main">
        <span className="logo">
          <OfficeLogo site={site} />
        </span>
        <div>
          <h1>{title}</h1>
          {lead && <p className="lead">{lead}</p>}
        </div>
        {children}
        <div className="split-foot">
          {!help && (
            <span>
              <Link to="/$slug/help" params={{ slug: site.slug }}>
                {t`Hulp bij het inloggen`}
              </Link>
            </span>
          )}
          {site.phone && (
            <span>
              {t`Lukt het niet? Bel ${site.name} op`} <Phone number={site.phone} />
            </span>
          )}
          <span className="by">
            <DoorMark />
            {t`Portaal van Voordeur`}
          </span>
        </div>
      </main>
    </div>
  )
}
