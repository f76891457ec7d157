import { t } from '@lingui/core/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, type FormEvent } from 'react'
import { getMeOptions, stepUpMutation } from '#/api/generated/@tanstack/react-query.gen'
import { ApiProblem } from '#/api/problem'
import { answer } from '#/api/stepUp'
import { loadSettings } from '#/lib/locale'
import { canUsePasskeys } from '#/lib/passkey'
import { Button } from './Button'
import { PasswordField, TextField } from './Field'
import { Icon } from './Icon'
import { Sheet } from './Sheet'
import { mistakeText } from './States'

const passkeys = () => import('#/lazy/passkey')

/** The password once more: what follows is worth being sure about. */
export function StepUpSheet() {
  const [by, setBy] = useState<'password' | 'code'>('password')
  const [value, setValue] = useState('')
  const [empty, setEmpty] = useState(false)
  const me = useQueryClient().getQueryData(getMeOptions().queryKey)
  const prove = useMutation({ ...stepUpMutation(), onSuccess: () => answer(true), onError: () => focus() })
  const mine = useQuery({ queryKey: ['passkeys'], queryFn: async () => (await passkeys()).list(), enabled: canUsePasskeys() })
  const confirm = useMutation({
    mutationFn: async () => {
      const [{ confirm: ask }, { passkeyMistake }] = await Promise.all([passkeys(), import('#/lazy/passkeyWords'), loadSettings()])
      // What is said is an answer too: the sheet stays.
      return ask().then(
        () => '',
        (error: unknown) => passkeyMistake(error) || undefined,
      )
    },
    onSuccess: (said) => said === '' && answer(true),
  })
  useEffect(focus, [by])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (prove.isPending) return
    setEmpty(!value)
    if (value) prove.mutate({ body: by === 'password' ? { password: value } : { code: value.replaceAll(/\D/g, '') } })
    else focus()
  }
  const change = (next: string) => {
    setValue(next)
    setEmpty(false)
    prove.reset()
    confirm.reset()
  }
  const mistake = empty
    ? by === 'password'
      ? t`Vul je wachtwoord in`
      : t`Typ alle zes cijfers.`
    : prove.error
      ? words(prove.error)
      : undefined
  return (
    <Sheet
      title={t`Even controleren dat jij het bent`}
      lead={t`Dit is belangrijk voor je account. Daarom vragen we je wachtwoord nog een keer.`}
      onClose={() => answer(false)}
      footer={
        <>
          <Button variant="quiet" onClick={() => answer(false)}>
            {t`Annuleren`}
          </Button>
          <Button type="submit" form="step-up" variant="primary" busy={prove.isPending}>
            {t`Verder`}
          </Button>
        </>
      }
    >
      <form id="step-up" noValidate onSubmit={submit}>
        {/* For the password manager: whose password this is. */}
        <input type="text" name="username" autoComplete="username" defaultValue={me?.username} hidden readOnly />
        {by === 'password' ? (
          <PasswordField
            id="step-up-proof"
            label={t`Wachtwoord`}
            autoComplete="current-password"
            maxLength={256}
            value={value}
            error={mistake}
            onChange={(event) => change(event.target.value)}
          />
        ) : (
          <TextField
            id="step-up-proof"
            label={t`Code uit je app`}
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={12}
            value={value}
            error={mistake}
            onChange={(event) => change(event.target.value)}
          />
        )}
        {me?.secondFactor && (
          <Button
            variant="quiet"
            small
            onClick={() => {
              setBy(by === 'password' ? 'code' : 'password')
              change('')
            }}
          >
            {by === 'password' ? t`Liever met een code` : t`Liever met mijn wachtwoord`}
          </Button>
        )}
        {mine.data?.some((one) => !one.suspectAt) && (
          <Button variant="quiet" small icon="fingerprint" busy={confirm.isPending} onClick={() => confirm.mutate()}>
            {t`Liever met mijn passkey`}
          </Button>
        )}
        {(confirm.data || confirm.isError) && (
          <p className="error" role="alert">
            <Icon name="warning-circle-fill" />
            {confirm.data || mistakeText(confirm.error)}
          </p>
        )}
      </form>
    </Sheet>
  )
}

const focus = () => document.getElementById('step-up-proof')?.focus()

function words(error: unknown): string {
  if (error instanceof ApiProblem && error.code === 'wrong-code')
    return t`Die code klopt niet (meer). Elke code werkt 30 seconden; typ de nieuwste over.`
  if (error instanceof ApiProblem && error.errors.some(({ code }) => code === 'wrong-password')) return t`Dit wachtwoord klopt niet.`
  if (error instanceof ApiProblem && error.status === 412) return t`Dat ging net mis. Probeer het nog eens.`
  return mistakeText(error)
}
