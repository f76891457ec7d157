import { t } from '@lingui/core/macro'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState, type SyntheticEvent } from 'react'
import { requestPasswordResetMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { Site } from '#/api/generated/types.gen'
import { aroundIcons } from '#/components/aroundIcons'
import { Button } from '#/components/Button'
import { TextField } from '#/components/Field'
import { Icon } from '#/components/Icon'
import { icons } from '#/components/icons'
import { Mistake } from '#/components/States'
import { useTitle } from '#/lib/hooks'
import { Split } from './Split'

Object.assign(icons, aroundIcons)

/** Asks for a new link (A7). The answer is the same for a name that exists and one that does not. */
export function ForgotPage({ site }: { site: Site }) {
  const [missing, setMissing] = useState(false)
  const request = useMutation(requestPasswordResetMutation())
  useTitle(t`Wachtwoord vergeten`, site.name)

  function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault()
    const username = String(new FormData(event.currentTarget).get('username') ?? '').trim()
    setMissing(!username)
    if (username) request.mutate({ body: { office: site.slug, username } })
    else document.getElementById('username')?.focus()
  }

  return (
    <Split
      site={site}
      title={request.isSuccess ? t`Kijk in je mail` : t`Wachtwoord vergeten`}
      lead={
        request.isSuccess
          ? undefined
          : t`Geen zorgen. Vul je gebruikersnaam in, dan sturen we je een link om een nieuw wachtwoord te kiezen.`
      }
      say={[t`Sleutel kwijt?`, t`Je dossier staat nog voor je klaar. Met een nieuwe link ben je zo binnen.`]}
    >
      {request.isSuccess ? (
        <div className="form">
          <div className="note note-ok" role="status">
            <Icon name="envelope-simple" />
            <span>{t`Kennen we deze naam, dan is de mail met een link nu onderweg. De link werkt 48 uur.`}</span>
          </div>
          <p className="hint">{t`Niets gekregen? Kijk bij ongewenste mail, of controleer of je de goede gebruikersnaam invulde.`}</p>
          <Button onClick={() => request.reset()}>{t`Probeer een andere naam`}</Button>
          <BackToLogin slug={site.slug} />
        </div>
      ) : (
        <form className="form" noValidate onSubmit={submit}>
          <Mistake error={request.error} />
          <TextField
            id="username"
            name="username"
            label={t`Gebruikersnaam of e-mailadres`}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={254}
            error={missing ? t`Vul je gebruikersnaam of e-mailadres in` : undefined}
            onChange={() => setMissing(false)}
          />
          <Button type="submit" variant="primary" block busy={request.isPending}>
            {t`Stuur me een link`}
          </Button>
          <BackToLogin slug={site.slug} />
        </form>
      )}
    </Split>
  )
}

function BackToLogin({ slug }: { slug: string }) {
  return (
    <Link className="btn btn-quiet btn-block" to="/$slug/login" params={{ slug }}>
      <Icon name="caret-left" />
      {t`Terug naar inloggen`}
    </Link>
  )
}
