import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useState, type FormEvent } from 'react'
import { getMeOptions, loginMutation } from '#/api/generated/@tanstack/react-query.gen'
import { getMe } from '#/api/generated/sdk.gen'
import { settleReturn } from '#/api/again'
import { Button } from '#/components/Button'
import { Dialog } from '#/components/Dialog'
import { TextField } from '#/components/Field'
import { Icon } from '#/components/Icon'
import { PasskeyAct } from '#/components/PasskeyAct'
import { loginMistake } from '#/lib/loginMistakes'
import { canUsePasskeys } from '#/lib/passkey'
import { CodeForm } from './CodeForm'
import { RecoveryForm } from './RecoveryForm'

type Step = 'password' | 'second' | 'passkey' | 'recovery' | 'elsewhere'

/**
 * The session is over and something was typed: the same person logs in here, or in another tab, and finds it as it was. Meanwhile
 * nothing of the screen can be read. Somebody else's login drops everything.
 */
export function AgainDialog() {
  const queryClient = useQueryClient()
  const me = queryClient.getQueryData(getMeOptions().queryKey)
  const [step, setStep] = useState<Step>('password')
  const [passkey, setPasskey] = useState(false)
  const [away, setAway] = useState(false)
  const [leaving, setLeaving] = useState(false)
  const [password, setPassword] = useState('')
  const [empty, setEmpty] = useState(false)
  const login = useMutation({
    ...loginMutation(),
    onSuccess: ({ status, ways }) => {
      setPassword('')
      setPasskey(ways?.includes('passkey') ?? false)
      setStep(status === 'enrolment' ? 'elsewhere' : ways && !ways.includes('code') ? 'passkey' : 'second')
    },
  })
  const back = async () => {
    const { data } = await getMe()
    if (me && data.id !== me.id) {
      // The page goes, and with it what the other had typed.
      location.replace('/dossiers')
      return
    }
    queryClient.setQueryData(getMeOptions().queryKey, data)
    settleReturn(true)
    void queryClient.invalidateQueries()
  }
  const done = () => void back().catch(() => setAway(true))
  // Whoever logged in elsewhere comes back to this tab.
  const look = useEffectEvent(() => {
    if (document.visibilityState === 'visible' && step === 'elsewhere') done()
  })
  useEffect(() => {
    document.body.classList.add('is-away')
    const onShow = () => look()
    document.addEventListener('visibilitychange', onShow)
    addEventListener('focus', onShow)
    return () => {
      document.body.classList.remove('is-away')
      document.removeEventListener('visibilitychange', onShow)
      removeEventListener('focus', onShow)
    }
  }, [])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setEmpty(!password)
    if (password && me && !login.isPending) login.mutate({ body: { email: me.email, password } })
  }
  const email = me?.email ?? ''
  const again = () => setStep('password')
  return (
    <Dialog title={t`Je sessie is verlopen`} isOpen onClose={() => setLeaving(true)} alert>
      <div className="dialog-body away">
        <p>
          <Trans>
            Log opnieuw in als <b>{email}</b>. Wat je had ingevuld, staat er dan nog.
          </Trans>
        </p>
        {step === 'password' && (
          <form className="stack-s" noValidate onSubmit={submit}>
            {/* For the password manager: whose password this is. */}
            <input type="text" name="username" autoComplete="username" defaultValue={email} hidden readOnly />
            <TextField
              label={t`Wachtwoord`}
              type="password"
              autoComplete="current-password"
              maxLength={256}
              // The dialog exists for this field only.
              // oxlint-disable-next-line jsx-a11y/no-autofocus
              autoFocus
              value={password}
              error={empty ? t`Vul je wachtwoord in` : login.error ? loginMistake(login.error) : undefined}
              onChange={(event) => {
                setPassword(event.target.value)
                setEmpty(false)
                login.reset()
              }}
            />
            <Button type="submit" variant="primary" block busy={login.isPending}>
              {t`Inloggen`}
            </Button>
            {canUsePasskeys() && <PasskeyAct to="log-in" label={t`Met je passkey`} onDone={done} />}
          </form>
        )}
        {step === 'second' && <CodeForm passkey={passkey} onDone={done} onBack={again} onLost={() => setStep('recovery')} />}
        {step === 'passkey' && <PasskeyAct to="log-in" primary label={t`Gebruik je passkey`} onDone={done} />}
        {step === 'recovery' && <RecoveryForm onDone={done} onBack={() => setStep('second')} />}
        {step === 'elsewhere' ? (
          <>
            <p>{t`Log in op het andere tabblad en kom hier terug. Dan gaat dit scherm vanzelf verder.`}</p>
            <Button block onClick={done}>{t`Ik ben ingelogd`}</Button>
          </>
        ) : (
          <a className="btn btn-quiet btn-block" href="/login" target="_blank" rel="noreferrer" onClick={() => setStep('elsewhere')}>
            <Icon name="arrow-square-out" />
            {t`Log in op een ander tabblad`}
          </a>
        )}
        {away && (
          <p className="error" role="alert">
            <Icon name="warning-circle-fill" />
            {t`Je bent nog niet ingelogd.`}
          </p>
        )}
      </div>
      <footer>
        {leaving ? (
          <>
            <Button variant="quiet" onClick={() => setLeaving(false)}>{t`Toch niet`}</Button>
            <Button variant="danger" onClick={() => settleReturn(false)}>{t`Vergeet wat ik had ingevuld`}</Button>
          </>
        ) : (
          <Button variant="quiet" onClick={() => setLeaving(true)}>{t`Naar het inlogscherm`}</Button>
        )}
      </footer>
    </Dialog>
  )
}
