import { t } from '@lingui/core/macro'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useState, type FormEvent } from 'react'
import { startSecondFactorMutation, verifySecondFactorMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { LoginResult, Site } from '#/api/generated/types.gen'
import { ApiProblem } from '#/api/problem'
import { Button } from '#/components/Button'
import { icons } from '#/components/icons'
import { insideIcons } from '#/components/insideIcons'
import { TextField } from '#/components/Field'
import { Mistake } from '#/components/States'
import { canUsePasskeys } from '#/lib/passkey'
import { CodeField, digitsOf } from './CodeField'
import { codeMistake } from './mistakes'
import { PasskeyAct } from './PasskeyAct'
import { SetUp } from './SetUp'
import { Phone } from '#/components/Phone'

// The recovery codes show an icon that is otherwise only seen behind the login.
Object.assign(icons, insideIcons)

/** After the password: a code of the app, or a recovery code, and what to do without either. */
export function SecondStep({
  site,
  ways,
  onDone,
  onBack,
}: {
  site: Site
  ways?: LoginResult['ways']
  onDone: () => void
  onBack: () => void
}) {
  return !ways?.length || ways.includes('code') ? (
    <CodeStep site={site} passkey={ways?.includes('passkey') ?? false} onDone={onDone} onBack={onBack} />
  ) : (
    <PasskeyStep site={site} onDone={onDone} onBack={onBack} />
  )
}

/** Who has a passkey and no app: the passkey is the second step, and the first besides. */
function PasskeyStep({ site, onDone, onBack }: { site: Site; onDone: () => void; onBack: () => void }) {
  return (
    <div className="form">
      <p>{t`Je logt hier in met je passkey. Je wachtwoord alleen is niet genoeg.`}</p>
      <PasskeyAct primary office={site.slug} label={t`Met je passkey`} onDone={onDone} />
      <details className="help">
        <summary>{t`Ik heb mijn passkey niet`}</summary>
        <p>{t`Staat hij op je telefoon? Kies dan in het venster van je browser voor een ander apparaat, en scan de code met die telefoon.`}</p>
        <p>
          {t`Ben je hem kwijt? Bel ${site.name}. Zij kunnen de tweede stap weghalen. Dat duurt een dag, en je krijgt er een mail over.`}{' '}
          {site.phone && <Phone number={site.phone} />}
        </p>
      </details>
      <Button variant="quiet" icon="caret-left" block onClick={onBack}>
        {t`Terug naar het wachtwoord`}
      </Button>
    </div>
  )
}

function CodeStep({ site, passkey, onDone, onBack }: { site: Site; passkey: boolean; onDone: () => void; onBack: () => void }) {
  const [by, setBy] = useState<'code' | 'recovery'>('code')
  const [value, setValue] = useState('')
  const [empty, setEmpty] = useState(false)
  // A recovery code is long, and a slip in it is put right where it stands.
  const verify = useMutation({ ...verifySecondFactorMutation(), onSuccess: onDone, onError: () => by === 'code' && setValue('') })
  useEffect(focus, [by])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const ready = by === 'code' ? digitsOf(value).length === 6 : value.trim() !== ''
    setEmpty(!ready)
    if (ready && !verify.isPending) verify.mutate({ body: by === 'code' ? { code: digitsOf(value) } : { recoveryCode: value.trim() } })
  }
  const change = (next: string) => {
    setValue(next)
    setEmpty(false)
    if (verify.isError) verify.reset()
  }
  const choose = (next: 'code' | 'recovery') => {
    setBy(next)
    change('')
  }
  const mistake = verify.isError ? (by === 'code' ? codeMistake(verify.error) : recoveryMistake(verify.error)) : undefined
  return (
    <form className="form" noValidate onSubmit={submit}>
      {by === 'code' ? (
        <CodeField
          id="second-step"
          value={value}
          hint={t`Open de authenticator-app op je telefoon en typ de zes cijfers over.`}
          error={empty ? t`Typ alle zes cijfers.` : mistake}
          onChange={change}
        />
      ) : (
        <TextField
          id="second-step"
          label={t`Herstelcode`}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={64}
          value={value}
          hint={t`Een van de tien codes die je bewaarde toen je de tweede stap aanzette.`}
          error={empty ? t`Typ een van je herstelcodes.` : mistake}
          onChange={(event) => change(event.target.value)}
        />
      )}
      <Button type="submit" variant="primary" block busy={verify.isPending}>
        {t`Inloggen`}
      </Button>
      {passkey && canUsePasskeys() && <PasskeyAct office={site.slug} label={t`Met je passkey`} onDone={onDone} />}
      <details className="help">
        <summary>{t`Ik kan geen code geven`}</summary>
        <h2>{t`Ik heb een nieuwe telefoon`}</h2>
        <p>{t`Log in met een code van je oude telefoon, of met een herstelcode. Stel daarna onder Instellingen je nieuwe telefoon in.`}</p>
        <Button small onClick={() => choose(by === 'code' ? 'recovery' : 'code')}>
          {by === 'code' ? t`Gebruik een herstelcode` : t`Gebruik toch de app`}
        </Button>
        <h2>{t`Ik ben ook mijn herstelcodes kwijt`}</h2>
        <p>
          {t`Bel ${site.name}. Zij kunnen de tweede stap weghalen. Dat duurt een dag, en je krijgt er een mail over: zo kan niemand het buiten jou om doen.`}{' '}
          {site.phone && <Phone number={site.phone} />}
        </p>
      </details>
      <Button variant="quiet" icon="caret-left" block onClick={onBack}>
        {t`Terug naar het wachtwoord`}
      </Button>
    </form>
  )
}

const focus = () => document.getElementById('second-step')?.focus()

function recoveryMistake(error: unknown): string {
  if (error instanceof ApiProblem && error.code === 'wrong-code')
    return t`Deze herstelcode klopt niet, of is al gebruikt. Probeer een andere.`
  return codeMistake(error)
}

/** The office asks it of everybody: the second step is set up before anything else. */
export function MustSetUp({ site, onDone, onBack }: { site: Site; onDone: () => void; onBack: () => void }) {
  const start = useMutation({ ...startSecondFactorMutation() })
  return start.data ? (
    <SetUp begun={start.data} office={site.name} onDone={onDone} />
  ) : (
    <div className="form">
      <p>{t`Je hebt er een telefoon of tablet bij nodig. Het kost een paar minuten, en daarna vragen we bij het inloggen steeds om een code.`}</p>
      <Mistake error={start.error} />
      <Button variant="primary" block busy={start.isPending} onClick={() => start.mutate({ body: {} })}>
        {t`Beginnen`}
      </Button>
      {canUsePasskeys() && (
        <>
          <p>{t`Of maak op dit apparaat een passkey: dan log je voortaan in met je vinger, je gezicht of de pincode van je apparaat, zonder code en zonder wachtwoord.`}</p>
          <PasskeyAct label={t`Maak een passkey`} onDone={onDone} />
        </>
      )}
      <Button variant="quiet" icon="caret-left" block onClick={onBack}>
        {t`Terug naar het wachtwoord`}
      </Button>
    </div>
  )
}
