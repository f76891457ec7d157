import { t } from '@lingui/core/macro'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { beginViewMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { BegunView, Site } from '#/api/generated/types.gen'
import { ApiProblem } from '#/api/problem'
import { OfficeFrame } from '#/components/OfficeFrame'
import { mistakeText } from '#/components/States'
import { useTitle } from '#/lib/hooks'

type Props = {
  site: Site
  /** Why a look that went on until now is over: the code of the refusal. */
  ended?: string | undefined
  /** The office, where it began. */
  back: string
  onBegun: (view: BegunView) => void
}

/** Where an employee comes in to look along, and goes out. The ticket stands behind the #, so no server, proxy or log sees it. */
export function ViewPage({ site, ended, back, onBegun }: Props) {
  const [ticket] = useState(() => location.hash.slice(1))
  const begin = useMutation({ ...beginViewMutation(), onSuccess: onBegun })
  const begun = useRef(false)
  useEffect(() => {
    if (begun.current || !ticket) return
    begun.current = true
    history.replaceState(history.state, '', location.pathname)
    begin.mutate({ body: { ticket } })
  }, [begin, ticket])
  const failed: unknown = begin.error
  const waiting = ticket !== '' && !begin.isError
  const title = waiting ? t`Een moment` : begin.isError || !ended ? t`Meekijken is niet begonnen` : t`Meekijken is gestopt`
  useTitle(title, site.name)
  return (
    <OfficeFrame site={site}>
      <div className="wrap page">
        <header className="page-head">
          <h1>{title}</h1>
        </header>
        <section className="card card-pad stack" role={waiting ? 'status' : undefined} aria-busy={waiting}>
          <p>{waiting ? t`We openen het portaal.` : begin.isError || !ended ? unopened(failed) : reason(ended)}</p>
          {!waiting &&
            (back ? (
              <p className="btn-row">
                <a className="btn btn-primary" href={back}>
                  {t`Terug naar het dossier`}
                </a>
              </p>
            ) : (
              <p className="muted">{t`Je kunt dit tabblad sluiten.`}</p>
            ))}
        </section>
      </div>
    </OfficeFrame>
  )
}

function unopened(error: unknown): string {
  if (!error || (error instanceof ApiProblem && (error.status === 409 || error.status === 422)))
    return t`Deze overgang is verlopen of al gebruikt: hij werkt één keer, binnen een minuut. Begin opnieuw vanuit het dossier.`
  return mistakeText(error)
}

function reason(code: string): string {
  switch (code) {
    case 'view-expired':
      return t`Het half uur is om. Wil je verder kijken, begin dan opnieuw vanuit het dossier.`
    case 'view-signed-out':
      return t`Je bent uitgelogd op kantoor, en daarmee ook hier.`
    case 'view-right-withdrawn':
      return t`Je mag niet meer meekijken. Vraag een beheerder van je kantoor om het recht.`
    case 'view-member-blocked':
      return t`Deze klant kan niet meer inloggen, en dan kan ook niemand meekijken.`
    case 'view-replaced':
      return t`Je kijkt nu ergens anders mee. Er kan er maar één tegelijk open zijn.`
    default:
      return t`Je ziet niets meer van deze klant. De klant leest onder Instellingen dat je meekeek.`
  }
}
