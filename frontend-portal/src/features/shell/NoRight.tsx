import { t } from '@lingui/core/macro'
import type { Site } from '#/api/generated/types.gen'

/** A part of the portal that the office has not opened for this login (E3). */
export function NoRight({ site }: { site: Site }) {
  return (
    <div className="wrap page">
      <div className="card card-pad state">
        <h1>{t`Dit onderdeel staat niet voor je open`}</h1>
        <p>{t`${site.name} bepaalt wat je met deze login kunt zien. Klopt het niet? Neem dan contact op.`}</p>
      </div>
    </div>
  )
}
