import { t } from '@lingui/core/macro'
import { useState } from 'react'
import { DoorMark } from '#/components/DoorMark'
import { Street } from '#/components/Street'
import { useTitle } from '#/lib/hooks'
import { CodeForm } from './CodeForm'
import { PasswordForm } from './PasswordForm'

/** Signing in takes two steps, always: the password alone never opens the office. */
export function LoginPage({ onDone }: { onDone: () => void }) {
  const [step, setStep] = useState<'password' | 'code'>('password')
  useTitle(t`Inloggen`)
  return (
    <div className="split">
      <div className="split-art" aria-hidden="true">
        <Street />
      </div>
      <main className="split-main" id="inhoud">
        <div className="logo">
          <DoorMark />
          {t`Voordeur voor kantoor`}
        </div>
        <div>
          <h1>{step === 'password' ? t`Inloggen` : t`Nog één stap`}</h1>
          <p className="lead">{step === 'password' ? t`Met je werkadres.` : t`Typ de code van zes cijfers uit je authenticator-app.`}</p>
        </div>
        {step === 'password' ? (
          <PasswordForm onNext={() => setStep('code')} />
        ) : (
          <CodeForm onDone={onDone} onBack={() => setStep('password')} />
        )}
      </main>
    </div>
  )
}
