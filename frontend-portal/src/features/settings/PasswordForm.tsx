import { t } from '@lingui/core/macro'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState, type FormEvent } from 'react'
import { changeMyPasswordMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { Me } from '#/api/generated/types.gen'
import { ApiProblem } from '#/api/problem'
import { Button } from '#/components/Button'
import { PasswordField } from '#/components/Field'
import { PasswordRules } from '#/components/PasswordRules'
import { Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'

/** The password now, and the one that takes its place. What is wrong stands at its field. */
export function PasswordForm({ me, onDone }: { me: Me; onDone: () => void }) {
  const form = useRef<HTMLFormElement>(null)
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [wrong, setWrong] = useState<Record<string, string>>({})
  const shortest = me.passwordMinLength
  const tooShort = t`Gebruik minstens ${shortest} tekens. Een zin van een paar woorden werkt goed.`

  const change = useMutation({
    ...changeMyPasswordMutation(),
    onSuccess: () => {
      toast(t`Wachtwoord gewijzigd`)
      onDone()
    },
    onError: (error) => show(wordsFor(error, tooShort)),
  })
  const show = (mistakes: Record<string, string>) => {
    setWrong(mistakes)
    const first = ['/currentPassword', '/newPassword'].find((pointer) => mistakes[pointer])
    if (first) form.current?.querySelector<HTMLInputElement>(first === '/currentPassword' ? '#current-password' : '#new-password')?.focus()
  }
  useEffect(() => {
    form.current?.querySelector<HTMLInputElement>('#current-password')?.focus()
  }, [form])

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (change.isPending) return
    const mistakes: Record<string, string> = {}
    if (!current) mistakes['/currentPassword'] = t`Vul je huidige wachtwoord in.`
    if (!next) mistakes['/newPassword'] = t`Kies een nieuw wachtwoord.`
    else if ([...next].length < shortest) mistakes['/newPassword'] = tooShort
    else if (next === current) mistakes['/newPassword'] = t`Dit is je huidige wachtwoord. Kies een ander.`
    show(mistakes)
    if (Object.keys(mistakes).length === 0) change.mutate({ body: { currentPassword: current, newPassword: next } })
  }
  const atField = Object.keys(wordsFor(change.error, tooShort)).length > 0
  return (
    <form ref={form} className="panel" noValidate onSubmit={submit}>
      <h3>{t`Wachtwoord wijzigen`}</h3>
      {/* For the password manager: whose password this is. */}
      <input type="text" name="username" autoComplete="username" defaultValue={me.username} hidden readOnly />
      <PasswordField
        id="current-password"
        label={t`Huidig wachtwoord`}
        autoComplete="current-password"
        value={current}
        error={wrong['/currentPassword']}
        onChange={(event) => {
          setCurrent(event.target.value)
          setWrong({ ...wrong, '/currentPassword': '' })
        }}
      />
      <PasswordField
        id="new-password"
        label={t`Nieuw wachtwoord`}
        autoComplete="new-password"
        value={next}
        error={wrong['/newPassword']}
        onChange={(event) => {
          setNext(event.target.value)
          setWrong({ ...wrong, '/newPassword': '' })
        }}
      />
      <PasswordRules password={next} minimum={shortest} own={[me.firstName, me.lastName, me.username]} />
      {!atField && <Mistake error={change.error} />}
      <div className="btn-row">
        <Button type="submit" variant="primary" busy={change.isPending}>
          {t`Wachtwoord wijzigen`}
        </Button>
        <Button variant="quiet" onClick={onDone}>
          {t`Annuleren`}
        </Button>
      </div>
    </form>
  )
}

/** What the server found wrong, at the field it is about. */
function wordsFor(error: unknown, tooShort: string): Record<string, string> {
  if (!(error instanceof ApiProblem)) return {}
  return Object.fromEntries(
    error.errors
      .filter(({ pointer }) => pointer === '/currentPassword' || pointer === '/newPassword')
      .map(({ pointer, code, message }) => {
        switch (code) {
          case 'wrong-password':
            return [pointer, t`Dit is niet je huidige wachtwoord.`]
          case 'password-too-short':
            return [pointer, tooShort]
          case 'password-too-common':
            return [pointer, t`Dit wachtwoord is te makkelijk te raden. Neem een zin die alleen jij bedenkt.`]
        }
        return [pointer, message]
      }),
  )
}
