import { t } from '@lingui/core/macro'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { inspectPasswordLink } from '#/api/generated/sdk.gen'
import { renewPasswordLinkMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { PasswordLink, Site } from '#/api/generated/types.gen'
import { isNotFound } from '#/api/problem'
import { aroundIcons } from '#/components/aroundIcons'
import { Button } from '#/components/Button'
import { Icon } from '#/components/Icon'
import { icons } from '#/components/icons'
import { Mistake } from '#/components/States'
import { useTitle } from '#/lib/hooks'
import { ChoosePassword } from './ChoosePassword'
import { Split } from './Split'

Object.assign(icons, aroundIcons)

/** The personal link (A7, F10). Its token stands behind the #, so no server, proxy or log ever sees it in an address. */
export function ActivatePage({ site, onSaved }: { site: Site; onSaved: (username: string) => void }) {
  const [token] = useState(() => location.hash.replace(/^#/, ''))
  const link = useQuery({
    queryKey: ['password-link', token],
    queryFn: async () => (await inspectPasswordLink({ body: { token }, throwOnError: true })).data,
    enabled: token !== '',
    staleTime: Infinity,
    gcTime: 0,
  })
  useTitle(t`Kies je wachtwoord`, site.name)
  if (token !== '' && link.isPending) {
    return (
      <Split site={site} title={t`Een moment`} lead={t`We kijken of je link nog werkt.`} say={[t`Je sleutel ligt klaar.`, '']}>
        <div className="form" role="status">
          <span className="sr">{t`Bezig met laden`}</span>
          <div className="skeleton" aria-hidden="true" />
        </div>
      </Split>
    )
  }
  if (link.isError && !isNotFound(link.error)) {
    return (
      <Split site={site} title={t`Dit lukte niet`} say={[t`Je sleutel ligt klaar.`, '']}>
        <div className="form">
          <Mistake error={link.error} />
          <Button onClick={() => void link.refetch()}>{t`Opnieuw proberen`}</Button>
        </div>
      </Split>
    )
  }
  if (link.data?.state === 'usable')
    return <ChoosePassword site={site} link={link.data} token={token} onSaved={onSaved} onGone={() => void link.refetch()} />
  return <DeadLink site={site} state={link.data?.state} token={token} />
}

/** A link that no longer opens: why, and the way to a new one. Nothing here says whether an account exists. */
function DeadLink({ site, state, token }: { site: Site; state: PasswordLink['state'] | undefined; token: string }) {
  const renew = useMutation(renewPasswordLinkMutation())
  const [title, lead] =
    state === 'expired'
      ? [t`Deze link is verlopen`, t`Een link werkt 48 uur. Vraag een nieuwe aan, dan ben je zo binnen.`]
      : state === 'used'
        ? [t`Deze link is al gebruikt`, t`Je wachtwoord is al gekozen. Log ermee in, of kies een nieuw wachtwoord.`]
        : state === 'replaced'
          ? [t`Er is een nieuwere link`, t`We stuurden je later nog een mail. Gebruik de link uit die laatste mail.`]
          : [
              t`Deze link kennen we niet`,
              t`Misschien is hij niet helemaal gekopieerd. Open de link in de mail zelf, of vraag een nieuwe aan.`,
            ]
  return (
    <Split
      site={site}
      title={title}
      lead={lead}
      say={[t`Deze deur zit op slot.`, t`Geen zorgen, je dossier staat nog voor je klaar. Met een nieuwe link ben je zo binnen.`]}
    >
      <div className="form">
        <Mistake error={renew.error} />
        {renew.isSuccess && (
          <div className="note note-ok" role="status">
            <Icon name="envelope-simple" />
            <span>{t`Als dat kan, is een nieuwe link nu onderweg naar je mail. Die werkt weer 48 uur.`}</span>
          </div>
        )}
        {state === 'expired' && !renew.isSuccess && (
          <Button variant="primary" block busy={renew.isPending} onClick={() => renew.mutate({ body: { token } })}>
            {t`Stuur me een nieuwe link`}
          </Button>
        )}
        {state !== 'expired' && (
          <Link className="btn btn-primary btn-block" to="/$slug/login" params={{ slug: site.slug }}>
            {t`Naar inloggen`}
          </Link>
        )}
        <Link className="btn btn-quiet btn-block" to="/$slug/forgot" params={{ slug: site.slug }}>
          {t`Wachtwoord vergeten`}
        </Link>
      </div>
    </Split>
  )
}
