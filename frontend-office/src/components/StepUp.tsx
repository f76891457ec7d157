import { t } from '@lingui/core/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, useSyncExternalStore, type FormEvent } from 'react'
import { getMeOptions, listMyPasskeysOptions, stepUpMutation } from '#/api/generated/@tanstack/react-query.gen'
import { ApiProblem } from '#/api/problem'
import { answer, isAsked, whenAsked } from '#/api/stepUp'
import { canUsePasskeys } from '#/lib/passkey'
import { Button } from './Button'
import { Dialog } from './Dialog'
import { TextField } from './Field'
import { PasskeyAct } from './PasskeyAct'
import { mistakeText } from './States'

/** Appears by itself when a request wants the password or a code of a moment ago, and lets it go on. */
export function StepUp() {
  return useSyncExternalStore(whenAsked, isAsked) ? <StepUpDialog /> : null
}

function StepUpDialog() {
  const [by, setBy] = useState<'code' | 'password'>('code')
  const [value, setValue] = useState('')
  const [empty, setEmpty] = useState(false)
  const me = useQueryClient().getQueryData(getMeOptions().queryKey)
  const passkeys = useQuery({ ...listMyPasskeysOptions(), enabled: canUsePasskeys() })
  const prove = useMutation({ ...stepUpMutation(), onSuccess: () => answer(true), onError: () => setValue('') })
  const given = by === 'code' ? value.replaceAll(/\s/g, '') : value
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (prove.isPending) return
    setEmpty(!given)
    if (given) prove.mutate({ body: by === 'code' ? { code: given.slice(0, 12) } : { password: given } })
  }
  const change = (next: string) => {
    setValue(next)
    setEmpty(false)
    prove.reset()
  }
  return (
    <Dialog title={t`Even controleren dat jij het bent`} isOpen onClose={() => answer(false)}>
      <form noValidate onSubmit={submit}>
        <div className="dialog-body">
          <p>
            {by === 'code'
              ? t`Dit is belangrijk. Typ daarom nog een keer een code uit je authenticator-app.`
              : t`Dit is belangrijk. Typ daarom nog een keer je wachtwoord.`}
          </p>
          {/* For the password manager: whose password this is. */}
          <input type="text" name="username" autoComplete="username" defaultValue={me?.email} hidden readOnly />
          <TextField
            key={by}
            label={by === 'code' ? t`Code` : t`Wachtwoord`}
            mono={by === 'code'}
            type={by === 'code' ? 'text' : 'password'}
            inputMode={by === 'code' ? 'numeric' : undefined}
            autoComplete={by === 'code' ? 'one-time-code' : 'current-password'}
            maxLength={by === 'code' ? 12 : 256}
            // The dialog exists for this field only.
            // oxlint-disable-next-line jsx-a11y/no-autofocus
            autoFocus
            value={value}
            error={
              empty
                ? by === 'code'
                  ? t`Typ de code van zes cijfers.`
                  : t`Vul je wachtwoord in`
                : prove.error
                  ? words(prove.error)
                  : undefined
            }
            onChange={(event) => change(event.target.value)}
          />
          <Button
            variant="quiet"
            onClick={() => {
              setBy(by === 'code' ? 'password' : 'code')
              change('')
            }}
          >
            {by === 'code' ? t`Liever met mijn wachtwoord` : t`Liever met een code`}
          </Button>
          {passkeys.data?.items.some((one) => !one.suspectAt) && (
            <PasskeyAct to="confirm" label={t`Liever met mijn passkey`} onDone={() => answer(true)} />
          )}
        </div>
        <footer>
          <Button variant="quiet" onClick={() => answer(false)}>{t`Annuleer`}</Button>
          <Button type="submit" variant="primary" busy={prove.isPending}>
            {t`Verder`}
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}

function words(error: unknown): string {
  if (error instanceof ApiProblem) {
    if (error.code === 'wrong-code') return t`Die code klopt niet (meer). Elke code werkt 30 seconden, typ de nieuwste over.`
    if (error.errors.some(({ code }) => code === 'wrong-password')) return t`Dit wachtwoord klopt niet.`
    if (error.status === 412) return t`Dat ging net mis. Probeer het nog eens.`
  }
  return mistakeText(error)
}
