import { t } from '@lingui/core/macro'
import { Link } from '@tanstack/react-router'
import type { Me } from '#/api/generated/types.gen'

/** Among the settings: whether logging in takes a second step, and the way to change that. */
export function TwoStepRow({ me }: { me: Me }) {
  return (
    <div className="set-row">
      <div>
        <h3>{t`Inloggen in twee stappen`}</h3>
        <p>{me.secondFactor ? t`Aan, met een app.` : t`Uit. Met een code uit een app is je portaal beter beveiligd.`}</p>
      </div>
      <Link className="btn btn-secondary btn-sm" to="/$slug/settings/two-step" params={{ slug: me.office.slug }}>
        {me.secondFactor ? t`Beheer` : t`Instellen`}
        <span className="sr"> {t`inloggen in twee stappen`}</span>
      </Link>
    </div>
  )
}
