import { t } from '@lingui/core/macro'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState, type SyntheticEvent } from 'react'
import { requestLoginCodeMutation, verifyLoginCodeMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { LoginAccount, LoginResult, Site } from '#/api/generated/types.gen'
import { ApiProblem } from '#/api/problem'
import { aroundIcons } from '#/components/aroundIcons'
import { Button } from '#/components/Button'
import { codeMistake } from '#/components/codeMistake'
import { TextField } from '#/components/Field'
import { Icon } from '#/components/Icon'
import { icons } from '#/components/icons'
import { Mistake } from '#/components/States'
import { useTitle } from '#/lib/hooks'
import { Split } from './Split'

Object.assign(icons, aroundIcons)

/** Between two codes, so that the first has time to arrive. */
const patience = 60

/** In place of the password (D3): a name, the code that went to who has it, and a choice where several share an address. */
export function CodeStep({
  site,
  name: typed,
  onStatus,
  onBack,
}: {
  site: Site
  name: string
  onStatus: (status: Exclude<LoginResult['status'], 'account_choice'>, ways?: LoginResult['ways']) => void
  onBack: () => void
}) {
  const [name, setName] = useState(typed)
  const [empty, setEmpty] = useState(false)
  const [sent, setSent] = useState(0)
  const [digits, setDigits] = useState(8)
  const [accounts, setAccounts] = useState<LoginAccount[]>()
  const request = useMutation({
    ...requestLoginCodeMutation(),
    onSuccess: (answer) => {
      setDigits(answer.digits)
      setSent((times) => times + 1)
      verify.reset()
    },
  })
  const verify = useMutation({
    ...verifyLoginCodeMutation(),
    onSuccess: ({ status, ways, accounts: choice }) => {
      if (status === 'account_choice') setAccounts(choice ?? [])
      else onStatus(status, ways)
    },
  })
  useTitle(t`Inloggen met een code`, site.name)
  useEffect(() => document.getElementById('code-name')?.focus(), [])
  const ask = () => request.mutate({ body: { office: site.slug, username: name.trim() } })
  const say: [string, string] = [
    t`De sleutel komt naar je toe.`,
    t`Een code op je telefoon of in je mail, en de deur gaat open. Een wachtwoord is niet nodig.`,
  ]

  function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault()
    setEmpty(!name.trim())
    if (!name.trim()) document.getElementById('code-name')?.focus()
    else if (!request.isPending) ask()
  }

  if (accounts) {
    const severalClients = new Set(accounts.map((account) => account.clientName)).size > 1
    return (
      <Split site={site} title={t`Wie ben je?`} lead={t`Op dit adres komen meer logins uit. Kies die van jou.`} say={say}>
        <div className="form">
          {verify.isError && (
            <div className="note note-stop" role="alert">
              <Icon name="warning-circle-fill" />
              <span>{codeMistake(verify.error)}</span>
            </div>
          )}
          <ul className="accounts">
            {accounts.map((account) => (
              <li key={account.id}>
                <Button
                  block
                  icon="user-circle"
                  busy={verify.isPending && verify.variables.body.accountId === account.id}
                  onClick={() => verify.mutate({ body: { office: site.slug, accountId: account.id } })}
                >
                  <span>
                    {account.name}
                    <small>{account.username}</small>
                    {severalClients && <small>{account.clientName}</small>}
                  </span>
                </Button>
              </li>
            ))}
          </ul>
          <BackToPassword onBack={onBack} />
        </div>
      </Split>
    )
  }
  if (sent > 0) {
    return (
      <Split site={site} title={t`Vul je code in`} lead={t`Kennen we ${name.trim()}, dan is er nu een code onderweg.`} say={say}>
        <GiveCode
          key={sent}
          site={site}
          name={name.trim()}
          digits={digits}
          again={sent > 1}
          error={verify.error}
          busy={verify.isPending}
          asking={request.isPending}
          notAsked={request.error}
          onGive={(code) => verify.mutate({ body: { office: site.slug, code } })}
          onChange={() => verify.isError && verify.reset()}
          onAgain={ask}
          onOther={() => {
            request.reset()
            verify.reset()
            setSent(0)
          }}
        />
        <BackToPassword onBack={onBack} />
      </Split>
    )
  }
  return (
    <Split
      site={site}
      title={t`Inloggen met een code`}
      lead={t`Vul je gebruikersnaam of e-mailadres in, dan sturen we je een code om mee in te loggen.`}
      say={say}
    >
      <form className="form" noValidate onSubmit={submit}>
        <Mistake error={request.error} />
        <TextField
          id="code-name"
          name="username"
          label={t`Gebruikersnaam of e-mailadres`}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={254}
          value={name}
          error={empty ? t`Vul je gebruikersnaam of e-mailadres in` : undefined}
          onChange={(event) => {
            setName(event.target.value)
            setEmpty(false)
          }}
        />
        <Button type="submit" variant="primary" block busy={request.isPending}>
          {t`Stuur mij een code`}
        </Button>
        <BackToPassword onBack={onBack} />
      </form>
    </Split>
  )
}

function BackToPassword({ onBack }: { onBack: () => void }) {
  return (
    <Button variant="quiet" icon="caret-left" block onClick={onBack}>
      {t`Terug naar inloggen`}
    </Button>
  )
}

/** Nothing here tells whether the name is known, or which of the two ways the code took. */
function GiveCode({
  site,
  name,
  digits,
  again,
  error,
  busy,
  asking,
  notAsked,
  onGive,
  onChange,
  onAgain,
  onOther,
}: {
  site: Site
  name: string
  digits: number
  again: boolean
  error: unknown
  busy: boolean
  asking: boolean
  notAsked: unknown
  onGive: (code: string) => void
  onChange: () => void
  onAgain: () => void
  onOther: () => void
}) {
  const [code, setCode] = useState('')
  const [short, setShort] = useState(false)
  const left = useCountdown(patience)
  const field = useRef<HTMLDivElement>(null)
  const dead = error instanceof ApiProblem && (error.code === 'login-code-expired' || error.code === 'login-code-spent')
  useEffect(() => {
    if (error !== undefined) field.current?.querySelector('input')?.focus()
  }, [error])
  const mail = /^[^@\s]+@[^@\s]+$/.test(name) ? `${name[0]}•••${name.slice(name.lastIndexOf('@'))}` : undefined

  function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault()
    const plain = code.replaceAll(/\D/g, '')
    setShort(plain.length !== digits)
    if (plain.length !== digits) field.current?.querySelector('input')?.focus()
    else if (!busy) onGive(plain)
  }

  return (
    <form className="form" noValidate onSubmit={submit}>
      {again && !error && (
        <div className="note note-ok" role="status">
          <Icon name="check-bold" />
          <span>{t`We hebben het opnieuw gestuurd. Alleen de nieuwste code werkt.`}</span>
        </div>
      )}
      <div className="note">
        <Icon name="device-mobile" />
        <span>
          {t`Per sms naar je mobiele nummer (06••••••••), als ${site.name} dat van je heeft.`}{' '}
          {mail ? t`Anders per mail naar ${mail}.` : t`Anders per mail.`}
        </span>
      </div>
      <Mistake error={notAsked} />
      <div className="code-in code-8" ref={field}>
        <TextField
          id="login-code"
          name="code"
          label={t`Code van ${digits} cijfers`}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={16}
          value={code}
          error={short ? t`Typ alle ${digits} cijfers.` : error ? codeMistake(error) : undefined}
          hint={t`De code werkt 10 minuten, op dit apparaat. Geef hem nooit door, aan niemand.`}
          onChange={(event) => {
            setCode(event.target.value.replaceAll(/[^\d ]/g, ''))
            setShort(false)
            onChange()
          }}
        />
      </div>
      {!dead && (
        <Button type="submit" variant="primary" block busy={busy}>
          {t`Inloggen`}
        </Button>
      )}
      <Button
        variant={dead ? 'primary' : 'secondary'}
        block
        busy={asking}
        aria-disabled={left > 0 && !dead}
        onClick={() => (left > 0 && !dead ? undefined : onAgain())}
      >
        {left > 0 && !dead ? t`Nieuwe code (over ${left} seconden)` : t`Stuur een nieuwe code`}
      </Button>
      <details className="help">
        <summary>{t`Ik krijg geen code`}</summary>
        <p>{t`Wacht een minuut. Kijk ook bij ongewenste mail en reclame, en of je telefoon bereik heeft.`}</p>
        <p>{t`Staat je naam hierboven goed? Een tikfout is snel gemaakt.`}</p>
        <p>
          {t`Heb je een nieuw nummer of een ander e-mailadres? Bel ${site.name}, dan passen zij het aan. Met je wachtwoord kun je ook gewoon inloggen.`}
        </p>
        <Button small onClick={onOther}>
          {t`Vul een andere naam in`}
        </Button>
      </details>
    </form>
  )
}

/** Whole seconds from `from` down to nothing. */
function useCountdown(from: number) {
  const [until] = useState(() => Date.now() + from * 1000)
  const [left, setLeft] = useState(from)
  const over = left <= 0
  useEffect(() => {
    if (over) return
    const tick = setInterval(() => setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1000))), 500)
    return () => clearInterval(tick)
  }, [over, until])
  return left
}
