import { t } from '@lingui/core/macro'
import type { Site } from '#/api/generated/types.gen'

export function NoDossier({ site }: { site: Site }) {
  return (
    <div className="wrap page">
      <div className="empty">
        <h1>{t`Er staat nog niets voor je klaar`}</h1>
        <p>{t`Zodra ${site.name} een dossier voor je opent, zie je het hier. Je hoeft nu niets te doen.`}</p>
      </div>
    </div>
  )
}
