import { t } from '@lingui/core/macro'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState, type ReactNode, type SyntheticEvent } from 'react'
import { loginMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { LoginResult, Site } from '#/api/generated/types.gen'
import { useLogout } from '#/api/logout'
import { ApiProblem } from '#/api/problem'
import { Button } from '#/components/Button'
import { PasswordField, TextField } from '#/components/Field'
import { Icon } from '#/components/Icon'
import { mistakeText } from '#/components/States'
import { useTitle } from '#/lib/hooks'
import { canUsePasskeys } from '#/lib/passkey'
import { PasskeyButton } from './PasskeyButton'
import { Split } from './Split'

type Step = 'second_factor' | 'second_factor_setup'
type Status = Exclude<LoginResult['status'], 'account_choice'>
type Missing = { username?: string; password?: string }

export function LoginPage({
  site,
  username = '',
  fresh,
  ended,
  code,
  onCode,
  onDone,
  renderNext,
}: {
  site: Site
  username?: string
  fresh?: true
  ended?: true
  /** Logging in with a code, which has a place of its own in the history: going back leads to the password. */
  code?: true
  onCode: (code?: true) => void
  onDone: () => void
  /** What is asked after the password, where that is not enough, or in its place. */
  renderNext: (
    step: Step | 'code',
    onBack: () => void,
    more: { name: string; ways: LoginResult['ways']; onStatus: (status: Status, ways?: LoginResult['ways']) => void },
  ) => ReactNode
}) {
  const [missing, setMissing] = useState<Missing>({})
  const [step, setStep] = useState<Step>()
  const [name, setName] = useState(username)
  const [ways, setWays] = useState<LoginResult['ways']>()
  const onStatus = (status: Status, by?: LoginResult['ways']) => {
    setWays(by)
    if (status === 'authenticated') onDone()
    else setStep(status)
  }
  const login = useMutation({ ...loginMutation(), onSuccess: (result) => onStatus(result.status as Status, result.ways) })
  const logout = useLogout()
  useTitle(t`Inloggen`, site.name)

  function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const typed = String(form.get('username') ?? '').trim()
    const password = String(form.get('password') ?? '')
    setMissing({
      ...(typed ? {} : { username: t`Vul je gebruikersnaam of e-mailadres in` }),
      ...(password ? {} : { password: t`Vul je wachtwoord in` }),
    })
    if (!typed || !password) {
      document.getElementById(typed ? 'password' : 'username')?.focus()
      return
    }
    login.mutate({ body: { office: site.slug, username: typed, password } })
  }

  if (code && !step) return renderNext('code', () => onCode(), { name, ways, onStatus })
  if (step) {
    return (
      <Split
        site={site}
        title={step === 'second_factor' ? t`Nog één stap` : t`Stel een tweede stap in`}
        lead={step === 'second_factor' ? undefined : t`${site.name} vraagt van iedereen om in twee stappen in te loggen.`}
        say={[t`Een dubbel slot op je deur.`, t`Met alleen je wachtwoord komt niemand binnen.`]}
      >
        {renderNext(
          step,
          () => {
            logout.mutate({})
            setStep(undefined)
            onCode()
            login.reset()
          },
          { name, ways, onStatus },
        )}
      </Split>
    )
  }
  return (
    <Split
      site={site}
      title={t`Inloggen`}
      lead={t`Welkom terug bij ${site.name}.`}
      say={[
        site.welcomeTitle || t`Alles wat je regelt, achter één deur.`,
        site.welcomeText || t`Je ziet wat er van je gevraagd wordt, en hoe ver we zijn.`,
      ]}
    >
      <form className="form" noValidate onSubmit={submit}>
        {login.isError ? (
          <div className="note note-stop" role="alert">
            <Icon name="warning-circle-fill" />
            <span>{loginMistake(login.error)}</span>
          </div>
        ) : fresh ? (
          <div className="note note-ok" role="status">
            <Icon name="check-bold" />
            <span>{t`Je wachtwoord is opgeslagen. Log er nu mee in.`}</span>
          </div>
        ) : (
          ended && (
            <div className="note" role="status">
              <Icon name="info" />
              <span>{t`Je was een tijdje weg, daarom hebben we je uitgelogd. Log opnieuw in, dan ga je verder waar je was.`}</span>
            </div>
          )
        )}
        <TextField
          id="username"
          name="username"
          label={t`Gebruikersnaam of e-mailadres`}
          autoComplete="username webauthn"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={254}
          defaultValue={name}
          error={missing.username}
          onChange={() => setMissing((now) => ({ ...(now.password ? { password: now.password } : {}) }))}
        />
        <PasswordField
          id="password"
          name="password"
          label={
            <>
              {t`Wachtwoord`}{' '}
              <Link to="/$slug/forgot" params={{ slug: site.slug }}>
                {t`Vergeten?`}
              </Link>
            </>
          }
          aria-label={t`Wachtwoord`}
          autoComplete="current-password"
          maxLength={256}
          error={missing.password}
          onChange={() => setMissing((now) => ({ ...(now.username ? { username: now.username } : {}) }))}
        />
        <Button type="submit" variant="primary" block busy={login.isPending}>
          {t`Inloggen`}
        </Button>
        {(site.codeLogin || canUsePasskeys()) && <div className="or">{t`of zonder wachtwoord`}</div>}
        {canUsePasskeys() && <PasskeyButton office={site.slug} onDone={onDone} />}
        {site.codeLogin && (
          <Button
            icon="device-mobile"
            block
            onClick={({ currentTarget: { form } }) => {
              setName(String(form && new FormData(form).get('username')))
              onCode(true)
            }}
          >
            {t`Met een code per sms of e-mail`}
          </Button>
        )}
      </form>
    </Split>
  )
}

function loginMistake(error: unknown): string {
  if (error instanceof ApiProblem && error.code === 'wrong-credentials')
    return t`Deze combinatie kennen we niet. Controleer je gebruikersnaam, of kies Vergeten.`
  return mistakeText(error)
}
