import { t } from '@lingui/core/macro'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { decideAppRequestMutation, getAppRequestOptions } from '#/api/generated/@tanstack/react-query.gen'
import type { AppRequest, Site } from '#/api/generated/types.gen'
import { useMe } from '#/api/me'
import { ApiProblem } from '#/api/problem'
import { Button } from '#/components/Button'
import { Icon } from '#/components/Icon'
import { Loading, Mistake, mistakeText } from '#/components/States'
import { useTitle } from '#/lib/hooks'
import { fullName } from '#/lib/text'
import { scopeWord } from './words'

const names = [
  'client_id',
  'response_type',
  'redirect_uri',
  'scope',
  'state',
  'code_challenge',
  'code_challenge_method',
  'resource',
] as const
type Asked = Partial<Record<(typeof names)[number], string>> & { client_id: string }

/** What the app sent along: only what we know of. */
function readAsked(): Asked {
  const given = new URLSearchParams(window.location.hash.slice(1))
  return {
    client_id: given.get('client_id') ?? '',
    ...Object.fromEntries(names.flatMap((name) => (given.get(name) ? [[name, given.get(name)]] : []))),
  }
}

const bodyOf = (asked: Asked): AppRequest => ({
  clientIdentifier: asked.client_id,
  responseType: asked.response_type ?? '',
  redirectUri: asked.redirect_uri ?? '',
  scope: asked.scope ?? '',
  state: asked.state ?? '',
  codeChallenge: asked.code_challenge ?? '',
  codeChallengeMethod: asked.code_challenge_method ?? '',
  resource: asked.resource ?? '',
})

/** An app asks the customer for access: which app, whose data, what it may do. */
export function ConsentPage({ site }: { site: Site }) {
  const me = useMe()
  const [asked] = useState(readAsked)
  const question = useQuery({ ...getAppRequestOptions({ query: asked }), retry: false })
  const decide = useMutation({ ...decideAppRequestMutation(), onSuccess: ({ redirectUrl }) => window.location.assign(redirectUrl) })
  useTitle(t`Toegang voor een app`, site.name)
  if (question.isPending) return <Loading />
  if (question.isError) return <Refused error={question.error} site={site} />
  const { name, scopes, redirectUrl } = question.data
  if (redirectUrl) {
    return (
      <div className="wrap page consent">
        <h1>{t`De app vroeg iets dat niet kan`}</h1>
        <p>{t`Het ligt niet aan jou. Ga terug naar ${name} en begin opnieuw.`}</p>
        <a className="btn btn-primary" href={redirectUrl}>{t`Terug naar ${name}`}</a>
      </div>
    )
  }
  const answer = (allow: boolean) => decide.mutate({ body: { request: bodyOf(asked), allow } })
  // Until the app's own page is there, the answer has been given.
  const gone = decide.isPending || decide.isSuccess
  return (
    <div className="wrap page consent">
      <h1>{t`Mag ${name} bij je gegevens?`}</h1>
      <p>{t`Je bent ingelogd als ${fullName(me)}. ${name} vraagt om het volgende te mogen:`}</p>
      <ul className="card card-pad" aria-label={t`Wat ${name} mag`}>
        {scopes.map((scope) => (
          <li key={scope}>
            <Icon name="check-bold" />
            <span>{scopeWord(scope, site.name)}</span>
          </li>
        ))}
      </ul>
      <p>{t`${name} ziet je wachtwoord niet, en kan niets aan je login veranderen. Je kunt dit altijd intrekken onder Instellingen.`}</p>
      <Mistake error={decide.error} />
      <div className="answers">
        <Button variant="primary" busy={gone && decide.variables?.body.allow === true} disabled={gone} onClick={() => answer(true)}>
          {t`Toestaan`}
        </Button>
        <Button busy={gone && decide.variables?.body.allow === false} disabled={gone} onClick={() => answer(false)}>
          {t`Weigeren`}
        </Button>
      </div>
      <p className="small">{t`Ken je ${name} niet, of begon je hier niet zelf aan? Weiger dan.`}</p>
    </div>
  )
}

/** Nobody is sent anywhere by a request that is not to be trusted. */
function Refused({ error, site }: { error: unknown; site: Site }) {
  const code = error instanceof ApiProblem ? error.code : ''
  return (
    <div className="wrap page consent" role="alert">
      <h1>{t`Deze app krijgt geen toegang`}</h1>
      <p>
        {code === 'redirect-mismatch'
          ? t`De app wil je naar een adres sturen dat ${site.name} niet kent. Er is niets gedeeld.`
          : code === 'app-unknown'
            ? t`${site.name} kent deze app niet, of laat hem niet meer toe. Er is niets gedeeld.`
            : mistakeText(error)}
      </p>
      {site.phone && <p>{t`Vragen? Bel ${site.name} op ${site.phone}.`}</p>}
    </div>
  )
}
