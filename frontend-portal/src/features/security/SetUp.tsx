import { t } from '@lingui/core/macro'
import { useMutation } from '@tanstack/react-query'
import { lazy, Suspense, useState, type FormEvent } from 'react'
import { confirmSecondFactorMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { FactorSetUp } from '#/api/generated/types.gen'
import { Button } from '#/components/Button'
import { Icon } from '#/components/Icon'
import { toast } from '#/components/Toasts'
import { CodeField, digitsOf } from './CodeField'
import { codeMistake } from './mistakes'
import { Codes } from './Codes'

const Qr = lazy(() => import('#/lazy/qr'))

/** Couple an app, show that it works, keep the recovery codes: then the second step is on. */
export function SetUp({ begun, office, onDone }: { begun: FactorSetUp; office: string; onDone: () => void }) {
  const [code, setCode] = useState('')
  const [short, setShort] = useState(false)
  const confirm = useMutation({ ...confirmSecondFactorMutation() })
  const codes = confirm.data?.codes
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const digits = digitsOf(code)
    setShort(digits.length !== 6)
    if (digits.length === 6 && !confirm.isPending) confirm.mutate({ body: { code: digits } })
    else document.getElementById('set-up-code')?.focus()
  }
  const key = begun.secret.replaceAll(/(.{4})(?=.)/g, '$1 ')
  return (
    <ol className="steps">
      <Step n={1} state={codes ? 'done' : 'now'} title={t`Koppel een app`}>
        {!codes && (
          <>
            <p>{t`Open een authenticator-app op je telefoon en scan de code. Heb je er nog geen? Google Authenticator, Microsoft Authenticator en de wachtwoorden-app van je telefoon werken allemaal.`}</p>
            <div className="card qr">
              <Suspense fallback={<span className="qr-wait" />}>
                <Qr text={begun.uri} label={t`QR-code om de app te koppelen`} />
              </Suspense>
              <div>
                <p className="small muted">{t`Zit je al op je telefoon? Zet de sleutel dan zelf in de app.`}</p>
                <p className="mono key">{key}</p>
                <div className="btn-row">
                  <Button
                    small
                    onClick={() => {
                      void navigator.clipboard.writeText(begun.secret).then(() => toast(t`Sleutel gekopieerd`))
                    }}
                  >
                    {t`Kopieer sleutel`}
                  </Button>
                  <a className="btn btn-quiet btn-sm" href={begun.uri}>{t`Open in een app`}</a>
                </div>
              </div>
            </div>
          </>
        )}
      </Step>
      <Step n={2} state={codes ? 'done' : 'now'} title={t`Vul de code in`}>
        {!codes && (
          <form noValidate className="stack-form" onSubmit={submit}>
            <CodeField
              id="set-up-code"
              value={code}
              hint={t`Zes cijfers. De app toont elke 30 seconden een nieuwe code.`}
              error={short ? t`Typ alle zes cijfers.` : confirm.isError ? codeMistake(confirm.error) : undefined}
              onChange={(next) => {
                setCode(next)
                setShort(false)
                if (confirm.isError) confirm.reset()
              }}
            />
            <Button type="submit" variant="primary" busy={confirm.isPending}>
              {t`Zet aan`}
            </Button>
          </form>
        )}
      </Step>
      <Step n={3} state={codes ? 'now' : 'later'} title={t`Bewaar je herstelcodes`}>
        {codes ? (
          <>
            <p role="status">{t`De tweede stap staat aan. Op andere apparaten ben je uitgelogd.`}</p>
            <Codes codes={codes} office={office} onDone={onDone} />
          </>
        ) : (
          <p>{t`Die krijg je hierna. Telefoon kwijt? Met een herstelcode kom je er toch in.`}</p>
        )}
      </Step>
    </ol>
  )
}

function Step({ n, state, title, children }: { n: number; state: 'done' | 'now' | 'later'; title: string; children: React.ReactNode }) {
  return (
    <li className={`step ${state}`}>
      <span className="n">{state === 'done' ? <Icon name="check-bold" /> : n}</span>
      <div className="b">
        <h2>{title}</h2>
        {children}
      </div>
    </li>
  )
}
