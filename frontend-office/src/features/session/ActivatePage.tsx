import { t } from '@lingui/core/macro'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { inspectPasswordLink } from '#/api/generated/sdk.gen'
import { renewPasswordLinkMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { PasswordLink } from '#/api/generated/types.gen'
import { isNotFound } from '#/api/problem'
import { Button } from '#/components/Button'
import { Icon } from '#/components/Icon'
import { Loading, Mistake } from '#/components/States'
import { useTitle } from '#/lib/hooks'
import { ChoosePassword } from './ChoosePassword'
import { BackToLogin } from './ForgotPage'
import { Split } from './Split'

/** The personal link of an employee. Its token stands behind the #, so no server, proxy or log ever sees it in an address. */
export function ActivatePage({ onSaved }: { onSaved: () => void }) {
  const [token] = useState(() => location.hash.replace(/^#/, ''))
  const link = useQuery({
    queryKey: ['password-link', token],
    queryFn: async () => (await inspectPasswordLink({ body: { token }, throwOnError: true })).data,
    enabled: token !== '',
    staleTime: Infinity,
    gcTime: 0,
  })
  useTitle(t`Kies je wachtwoord`)
  if (token !== '' && link.isPending) {
    return (
      <Split title={t`Een moment`} lead={t`We kijken of je link nog werkt.`}>
        <Loading />
      </Split>
    )
  }
  if (link.isError && !isNotFound(link.error)) {
    return (
      <Split title={t`Dit lukte niet`}>
        <Mistake error={link.error} />
        <Button block onClick={() => void link.refetch()}>{t`Opnieuw proberen`}</Button>
      </Split>
    )
  }
  if (link.data?.state === 'usable')
    return <ChoosePassword link={link.data} token={token} onSaved={onSaved} onGone={() => void link.refetch()} />
  return <DeadLink state={link.data?.state} token={token} />
}

/** A link that no longer opens: why, and the way to a new one. */
function DeadLink({ state, token }: { state: PasswordLink['state'] | undefined; token: string }) {
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
    <Split title={title} lead={lead}>
      <Mistake error={renew.error} />
      {renew.isSuccess && (
        <div className="note note-ok" role="status">
          <Icon name="envelope-simple" />
          <span>{t`Als dat kan, is een nieuwe link nu onderweg naar je mail. Die werkt weer 48 uur.`}</span>
        </div>
      )}
      <div className="stack-s">
        {state === 'expired' && !renew.isSuccess && (
          <Button variant="primary" block busy={renew.isPending} onClick={() => renew.mutate({ body: { token } })}>
            {t`Stuur me een nieuwe link`}
          </Button>
        )}
        {state !== 'expired' && (
          <Link className="btn btn-secondary btn-block" to="/forgot">
            {t`Wachtwoord vergeten`}
          </Link>
        )}
        <BackToLogin />
      </div>
    </Split>
  )
}
