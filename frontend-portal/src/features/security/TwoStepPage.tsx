import { t } from '@lingui/core/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState, type FormEvent, type ReactNode } from 'react'
import {
  getMeQueryKey,
  getSecondFactorOptions,
  getSecondFactorQueryKey,
  removeSecondFactorMutation,
  renewRecoveryCodesMutation,
  startSecondFactorMutation,
  stopMySecondFactorResetMutation,
} from '#/api/generated/@tanstack/react-query.gen'
import type { FactorState, Site } from '#/api/generated/types.gen'
import { Button } from '#/components/Button'
import { TextField } from '#/components/Field'
import { Icon } from '#/components/Icon'
import { Failed, Loading, Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'
import { clock, longDay } from '#/lib/dates'
import { useTitle } from '#/lib/hooks'
import { CodeField, digitsOf } from './CodeField'
import { Codes } from './Codes'
import { codeMistake } from './mistakes'
import { SetUp } from './SetUp'

/** The second step of logging in: on, off, another telephone, new recovery codes (B3). */
export function TwoStepPage({ site }: { site: Site }) {
  useTitle(t`Inloggen in twee stappen`, site.name)
  const state = useQuery(getSecondFactorOptions())
  if (state.isPending) return <Loading />
  if (state.isError) return <Failed error={state.error} retry={() => void state.refetch()} />
  return (
    <div className="wrap page two-step">
      <header className="page-head">
        <Link className="back" to="/$slug/settings" params={{ slug: site.slug }}>
          <Icon name="caret-left" />
          {t`Instellingen`}
        </Link>
        <h1>{t`Inloggen in twee stappen`}</h1>
        <p>{t`Naast je wachtwoord vraagt je portaal een code uit een app op je telefoon. Zo komt niemand binnen met alleen je wachtwoord.`}</p>
      </header>
      {state.data.resetDueAt && <BeingTakenAway office={site.name} at={state.data.resetDueAt} />}
      <Managed site={site} state={state.data} />
    </div>
  )
}

/** The office is taking the second step away: the customer can stop it until it has happened. */
function BeingTakenAway({ office, at }: { office: string; at: string }) {
  const queryClient = useQueryClient()
  const stop = useMutation({
    ...stopMySecondFactorResetMutation(),
    onSuccess: () => {
      toast(t`Gestopt. Je tweede stap blijft aan.`)
      void queryClient.invalidateQueries({ queryKey: getSecondFactorQueryKey() })
    },
  })
  const when = `${longDay(at)} ${clock(at)}`
  return (
    <div className="note note-stop stack-form" role="alert">
      <p>{t`${office} haalt je tweede stap weg vanaf ${when}. Heb je daar niet om gevraagd? Stop het dan, en bel ons.`}</p>
      <Mistake error={stop.error} />
      <Button small busy={stop.isPending} onClick={() => stop.mutate({})}>
        {t`Laat aan staan`}
      </Button>
    </div>
  )
}

type Doing = 'nothing' | 'codes' | 'replace' | 'off'

function Managed({ site, state }: { site: Site; state: FactorState }) {
  const queryClient = useQueryClient()
  const [doing, setDoing] = useState<Doing>('nothing')
  const start = useMutation({ ...startSecondFactorMutation() })
  const renew = useMutation({ ...renewRecoveryCodesMutation() })
  const remove = useMutation({
    ...removeSecondFactorMutation(),
    onSuccess: () => {
      toast(t`De tweede stap staat uit`)
      done()
    },
  })
  const done = () => {
    setDoing('nothing')
    start.reset()
    renew.reset()
    remove.reset()
    void queryClient.invalidateQueries({ queryKey: getSecondFactorQueryKey() })
    void queryClient.invalidateQueries({ queryKey: getMeQueryKey() })
  }
  if (start.data) return <SetUp begun={start.data} office={site.name} onDone={done} />
  if (!state.on) {
    return (
      <div className="card card-pad stack-form">
        <p>{t`Je hebt er een telefoon of tablet bij nodig. Het instellen kost een paar minuten.`}</p>
        <Mistake error={start.error} />
        <div className="btn-row">
          <Button variant="primary" busy={start.isPending} onClick={() => start.mutate({ body: {} })}>
            {t`Instellen`}
          </Button>
        </div>
      </div>
    )
  }
  if (renew.data) {
    return (
      <section className="card card-pad stack-form" aria-label={t`Herstelcodes`}>
        <Codes codes={renew.data.codes} office={site.name} onDone={done} />
      </section>
    )
  }
  const left = state.recoveryCodes
  return (
    <div className="set">
      <div className="set-row">
        <div>
          <h2>{t`De tweede stap staat aan`}</h2>
          <p>{state.since ? t`Sinds ${longDay(state.since)}.` : ''}</p>
        </div>
      </div>
      <Act
        title={t`Herstelcodes`}
        text={
          left === 0 ? t`Ze zijn allemaal gebruikt. Maak nieuwe.` : left === 1 ? t`Er is er nog 1 over.` : t`Er zijn er nog ${left} over.`
        }
        button={t`Maak nieuwe`}
        open={doing === 'codes'}
        onOpen={() => setDoing('codes')}
      >
        <Ask
          lead={t`De oude codes werken daarna niet meer.`}
          button={t`Maak nieuwe codes`}
          busy={renew.isPending}
          error={renew.error}
          onCancel={done}
          onCode={(code) => renew.mutate({ body: { code } })}
        />
      </Act>
      <Act
        title={t`Andere telefoon`}
        text={t`Koppel een nieuwe telefoon in plaats van de oude.`}
        button={t`Vervang`}
        open={doing === 'replace'}
        onOpen={() => setDoing('replace')}
      >
        <Ask
          lead={t`Geef eerst een code van de telefoon die je nu gebruikt, of een herstelcode.`}
          button={t`Verder`}
          recovery
          busy={start.isPending}
          error={start.error}
          onCancel={done}
          onCode={(code) => start.mutate({ body: { code } })}
          onRecovery={(recoveryCode) => start.mutate({ body: { recoveryCode } })}
        />
      </Act>
      {state.mandatory ? (
        <div className="set-row">
          <p>{t`${site.name} vraagt van iedereen een tweede stap. Daarom kun je hem niet uitzetten.`}</p>
        </div>
      ) : (
        <Act
          title={t`Uitzetten`}
          text={t`Inloggen gaat dan weer met alleen je wachtwoord.`}
          button={t`Zet uit`}
          open={doing === 'off'}
          onOpen={() => setDoing('off')}
        >
          <Ask
            lead={t`Geef ter bevestiging een code, of een herstelcode.`}
            button={t`Zet de tweede stap uit`}
            danger
            recovery
            busy={remove.isPending}
            error={remove.error}
            onCancel={done}
            onCode={(code) => remove.mutate({ body: { code } })}
            onRecovery={(recoveryCode) => remove.mutate({ body: { recoveryCode } })}
          />
        </Act>
      )}
    </div>
  )
}

function Act({
  title,
  text,
  button,
  open,
  onOpen,
  children,
}: {
  title: string
  text: string
  button: string
  open: boolean
  onOpen: () => void
  children: ReactNode
}) {
  if (open) {
    return (
      <div className="panel">
        <h2>{title}</h2>
        {children}
      </div>
    )
  }
  return (
    <div className="set-row">
      <div>
        <h2>{title}</h2>
        <p>{text}</p>
      </div>
      <Button small onClick={onOpen}>
        {button}
        <span className="sr"> ({title})</span>
      </Button>
    </div>
  )
}

/** Asks for a code before it lets something happen. */
function Ask({
  lead,
  button,
  danger,
  recovery,
  busy,
  error,
  onCancel,
  onCode,
  onRecovery,
}: {
  lead: string
  button: string
  danger?: boolean
  recovery?: boolean
  busy: boolean
  error: unknown
  onCancel: () => void
  onCode: (code: string) => void
  onRecovery?: (code: string) => void
}) {
  const [by, setBy] = useState<'code' | 'recovery'>('code')
  const [value, setValue] = useState('')
  const [empty, setEmpty] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const ready = by === 'code' ? digitsOf(value).length === 6 : value.trim() !== ''
    setEmpty(!ready)
    if (!ready || busy) return
    if (by === 'code') onCode(digitsOf(value))
    else onRecovery?.(value.trim())
  }
  const mistake = empty ? t`Vul eerst een code in.` : error ? codeMistake(error) : undefined
  return (
    <form className="stack-form" noValidate onSubmit={submit}>
      <p>{lead}</p>
      {by === 'code' ? (
        <CodeField id="ask-code" value={value} error={mistake} onChange={(next) => (setValue(next), setEmpty(false))} />
      ) : (
        <TextField
          id="ask-code"
          label={t`Herstelcode`}
          autoComplete="off"
          spellCheck={false}
          maxLength={64}
          value={value}
          error={mistake}
          onChange={(event) => (setValue(event.target.value), setEmpty(false))}
        />
      )}
      <div className="btn-row">
        <Button type="submit" variant={danger ? 'danger' : 'primary'} busy={busy}>
          {button}
        </Button>
        {recovery && (
          <Button variant="quiet" onClick={() => (setBy(by === 'code' ? 'recovery' : 'code'), setValue(''))}>
            {by === 'code' ? t`Gebruik een herstelcode` : t`Gebruik toch de app`}
          </Button>
        )}
        <Button variant="quiet" onClick={onCancel}>
          {t`Annuleren`}
        </Button>
      </div>
    </form>
  )
}
