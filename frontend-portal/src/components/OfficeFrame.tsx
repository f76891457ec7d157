import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Site } from '#/api/generated/types.gen'
import { OfficeLogo } from './OfficeLogo'

/** The office's name above a page that has no dossier behind it. */
export function OfficeFrame({ site, children }: { site: Site; children: ReactNode }) {
  return (
    <>
      <header className="top">
        <div className="wrap">
          <Link className="logo" to="/$slug" params={{ slug: site.slug }}>
            <OfficeLogo site={site} />
          </Link>
        </div>
      </header>
      <main id="inhoud">{children}</main>
    </>
  )
}
