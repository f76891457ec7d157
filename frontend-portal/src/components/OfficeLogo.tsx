import type { Site } from '#/api/generated/types.gen'
import { initials } from '#/lib/text'

/** The office's own logo, or its initials in its colour, and its name. */
export function OfficeLogo({ site }: { site: Site }) {
  return (
    <>
      {site.logoUrl ? (
        <img className="officelogo" src={site.logoUrl} alt="" />
      ) : (
        <span className="officemark" aria-hidden="true">
          {initials(site.name).slice(0, 1)}
        </span>
      )}
      <span>
        {site.name}
        {site.tagline && <small>{site.tagline}</small>}
      </span>
    </>
  )
}
