import { t } from '@lingui/core/macro'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState, type SyntheticEvent } from 'react'
import { finishSso } from '#/api/generated/sdk.gen'
import { startSsoMutation } from '#/api/generated/@tanstack/react-query.gen'
import { ApiProblem } from '#/api/problem'
import { Button } from '#/components/Button'
import { TextField } from '#/components/Field'
import { Icon } from '#/components/Icon'
import { Loading } from '#/components/States'
import { useTitle } from '#/lib/hooks'
import { ssoMistake } from '#/lib/loginMistakes'
import { BackToLogin } from './ForgotPage'
import { Split } from './Split'

const remembered = 'voordeur-office'

/** The way in with the account of the office: which office, off to its provider, and back. */
export function SsoPage({ onDone }: { onDone: () => void }) {
  const [query] = useState(() => new URLSearchParams(location.search))
  useTitle(t`Inloggen met je kantooraccount`)
  const state = query.get('state')
  const code = query.get('code')
  if (query.get('error')) return <Refused text={ssoMistake('sso-refused')} />
  return state && code ? (
    <Back state={state} code={code} issuer={query.get('iss') ?? ''} onDone={onDone} />
  ) : (
    <Which office={query.get('office') ?? ''} />
  )
}

function Which({ office }: { office: string }) {
  const [missing, setMissing] = useState(false)
  const start = useMutation({
    ...startSsoMutation(),
    onSuccess: ({ url }, { body }) => {
      localStorage.setItem(remembered, body.office)
      location.assign(url)
    },
  })

  function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault()
    const slug = String(new FormData(event.currentTarget).get('office') ?? '')
      .trim()
      .toLowerCase()
    setMissing(!slug)
    if (slug) start.mutate({ body: { office: slug } })
    else document.getElementById('office')?.focus()
  }

  return (
    <Split title={t`Inloggen met je kantooraccount`} lead={t`Je logt in bij je eigen kantoor en komt daarna hier terug.`}>
      <form noValidate onSubmit={submit}>
        {start.isError && <Wrong text={ssoMistake(codeOf(start.error))} />}
        <TextField
          id="office"
          name="office"
          label={t`Naam van je kantoor`}
          maxLength={40}
          autoCapitalize="none"
          autoComplete="organization"
          spellCheck={false}
          defaultValue={office || (localStorage.getItem(remembered) ?? '')}
          hint={t`Zoals in het adres van jullie klantportaal.`}
          error={missing ? t`Vul de naam van je kantoor in` : undefined}
        />
        <Button type="submit" variant="primary" block busy={start.isPending}>
          {t`Verder`}
        </Button>
        <BackToLogin />
      </form>
    </Split>
  )
}

function Back({ state, code, issuer, onDone }: { state: string; code: string; issuer: string; onDone: () => void }) {
  const done = useRef(onDone)
  // A code works once: asked once, however often this is drawn.
  const finish = useQuery({
    queryKey: ['sso', state],
    queryFn: async () => {
      await finishSso({ body: { state, code, issuer }, throwOnError: true })
      return true
    },
    staleTime: Infinity,
    gcTime: Infinity,
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
  useEffect(() => {
    if (finish.data) done.current()
  }, [finish.data])
  if (finish.isError) return <Refused text={ssoMistake(codeOf(finish.error))} />
  return (
    <Split title={t`Een moment`} lead={t`We controleren je kantooraccount.`}>
      <Loading />
    </Split>
  )
}

function Refused({ text }: { text: string }) {
  return (
    <Split title={t`Inloggen lukte niet`}>
      <Wrong text={text} />
      <div className="stack-s">
        <Button variant="primary" block onClick={() => location.assign('/sso')}>
          {t`Begin opnieuw`}
        </Button>
        <BackToLogin />
      </div>
    </Split>
  )
}

function Wrong({ text }: { text: string }) {
  return (
    <div className="note note-stop" role="alert">
      <Icon name="warning-circle-fill" />
      <span>{text}</span>
    </div>
  )
}

const codeOf = (error: unknown) => (error instanceof ApiProblem ? error.code : '')
