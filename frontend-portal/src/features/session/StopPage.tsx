import { t } from '@lingui/core/macro'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { stopSecondFactorResetMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { Site } from '#/api/generated/types.gen'
import { ApiProblem } from '#/api/problem'
import { Button } from '#/components/Button'
import { Icon } from '#/components/Icon'
import { mistakeText } from '#/components/States'
import { useTitle } from '#/lib/hooks'
import { Split } from './Split'

/** The link of the mail: the office is taking the second step away, and this stops it. Opening the page does nothing yet. */
export function StopPage({ site }: { site: Site }) {
  const stop = useMutation({ ...stopSecondFactorResetMutation() })
  useTitle(t`Tweede stap aan laten staan`, site.name)
  return (
    <Split
      site={site}
      title={t`Tweede stap aan laten staan`}
      lead={t`${site.name} is bezig je tweede stap van het inloggen weg te halen.`}
      say={[t`Een dubbel slot op je deur.`, t`Met alleen je wachtwoord komt niemand binnen.`]}
    >
      <div className="form">
        {stop.isSuccess ? (
          <>
            <div className="note note-ok" role="status">
              <Icon name="check-bold" />
              <span>{t`Gestopt. Je tweede stap blijft aan.`}</span>
            </div>
            <Link className="btn btn-primary btn-block" to="/$slug/login" params={{ slug: site.slug }}>
              {t`Naar inloggen`}
            </Link>
          </>
        ) : (
          <>
            <p>{t`Heb je daar niet om gevraagd? Stop het dan hier, en bel ons.`}</p>
            {stop.isError && (
              <div className="note note-stop" role="alert">
                <Icon name="warning-circle-fill" />
                <span>{words(stop.error)}</span>
              </div>
            )}
            <Button variant="primary" block busy={stop.isPending} onClick={() => stop.mutate({ body: { token: location.hash.slice(1) } })}>
              {t`Laat mijn tweede stap aan staan`}
            </Button>
          </>
        )}
      </div>
    </Split>
  )
}

function words(error: unknown): string {
  if (error instanceof ApiProblem && error.status === 409)
    return t`Er is niets meer te stoppen: het was al gestopt, of het is al gebeurd. Bel ons als je twijfelt.`
  if (error instanceof ApiProblem && (error.status === 404 || error.status === 422))
    return t`Deze link kennen we niet. Gebruik de link uit de nieuwste mail, of bel ons.`
  return mistakeText(error)
}
