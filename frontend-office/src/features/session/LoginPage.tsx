import { t } from '@lingui/core/macro'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import type { LoginResult } from '#/api/generated/types.gen'
import { Button } from '#/components/Button'
import { PasskeyAct } from '#/components/PasskeyAct'
import { Loading } from '#/components/States'
import { useTitle } from '#/lib/hooks'
import { CodeForm } from './CodeForm'
import { PasswordForm } from './PasswordForm'
import { RecoveryForm } from './RecoveryForm'
import { Split } from './Split'

// Once in a career: the QR code is not in what everybody loads every morning.
const Enrol = lazy(async () => ({ default: (await import('./Enrol')).Enrol }))

type Step = 'password' | 'second' | 'recovery' | 'enrol'

/** Signing in takes two steps, always: the password alone never opens the office. */
export function LoginPage({ fresh, forgot, onDone }: { fresh?: boolean; forgot?: ReactNode; onDone: () => void }) {
  const [step, setStep] = useState<Step>('password')
  const [ways, setWays] = useState<LoginResult['ways']>()
  const passkey = ways?.includes('passkey') ?? false
  useTitle(t`Inloggen`)
  switch (step) {
    case 'password':
      return (
        <Split title={t`Inloggen`} lead={fresh ? t`Je wachtwoord is opgeslagen. Log er nu mee in.` : t`Met je werkadres.`}>
          <PasswordForm
            forgot={forgot}
            onNext={(result) => {
              setWays(result.ways)
              setStep(result.status === 'enrolment' ? 'enrol' : 'second')
            }}
            onDone={onDone}
          />
        </Split>
      )
    case 'second':
      if (passkey && !ways?.includes('code')) {
        return (
          <Split title={t`Nog één stap`} lead={t`Je logt hier in met je passkey. Je wachtwoord alleen is niet genoeg.`}>
            <PasskeyAct to="log-in" primary label={t`Gebruik je passkey`} onDone={onDone} />
            <div>
              <Button variant="quiet" icon="key" block onClick={() => setStep('recovery')}>
                {t`Ik heb mijn passkey niet`}
              </Button>
              <Button variant="quiet" icon="caret-left" block onClick={() => setStep('password')}>
                {t`Terug naar het wachtwoord`}
              </Button>
            </div>
          </Split>
        )
      }
      return (
        <Split title={t`Nog één stap`} lead={t`Typ de code van zes cijfers uit je authenticator-app.`}>
          <CodeForm passkey={passkey} onDone={onDone} onBack={() => setStep('password')} onLost={() => setStep('recovery')} />
        </Split>
      )
    case 'recovery':
      return (
        <Split title={t`Telefoon niet bij de hand?`} lead={t`Typ een van de herstelcodes die je hebt bewaard. Elke code werkt één keer.`}>
          <RecoveryForm onDone={onDone} onBack={() => setStep('second')} />
        </Split>
      )
    case 'enrol':
      return (
        <Suspense fallback={<Loading />}>
          <Enrol onDone={onDone} onBack={() => setStep('password')} />
        </Suspense>
      )
  }
}
