import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, type FormEvent } from 'react'
import { getMeOptions, stepUpMutation } from '#/api/generated/@tanstack/react-query.gen'
import { ApiProblem } from '#/api/problem'
import { answer } from '#/api/stepUp'
import { Button } from './Button'
import { PasswordField } from './Field'
import { Sheet } from './Sheet'
import { mistakeText } from './States'

/** The password once more: what follows is worth being sure about. */
export function StepUpSheet() {
  const [password, setPassword] = useState('')
  const [empty, setEmpty] = useState(false)
  const me = useQueryClient().getQueryData(getMeOptions().queryKey)
  const prove = useMutation({ ...stepUpMutation(), onSuccess: () => answer(true), onError: () => focus() })
  useEffect(focus, [])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (prove.isPending) return
    setEmpty(!password)
    if (password) prove.mutate({ body: { password } })
    else focus()
  }
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
        <PasswordField
          id="step-up-password"
          label={t`Wachtwoord`}
          autoComplete="current-password"
          maxLength={256}
          value={password}
          error={empty ? t`Vul je wachtwoord in` : prove.error ? words(prove.error) : undefined}
          onChange={(event) => {
            setPassword(event.target.value)
            setEmpty(false)
            prove.reset()
          }}
        />
      </form>
    </Sheet>
  )
}

const focus = () => document.getElementById('step-up-password')?.focus()

function words(error: unknown): string {
  if (error instanceof ApiProblem && error.errors.some(({ code }) => code === 'wrong-password')) return t`Dit wachtwoord klopt niet.`
  if (error instanceof ApiProblem && error.status === 412) return t`Dat ging net mis. Probeer het nog eens.`
  return mistakeText(error)
}
