import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type SyntheticEvent } from 'react'
import { changeMyPasswordMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { Me, MyAccount } from '#/api/generated/types.gen'
import { ApiProblem } from '#/api/problem'
import { Button } from '#/components/Button'
import { Dialog } from '#/components/Dialog'
import { TextField } from '#/components/Field'
import { NewPassword } from '#/components/NewPassword'
import { Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'
import { moment } from '#/lib/dates'

export function PasswordSection({ me, account }: { me: Me; account: MyAccount }) {
  const [asking, setAsking] = useState(false)
  return (
    <section aria-labelledby="own-password">
      <div className="sec-h">
        <h2 id="own-password">{t`Wachtwoord`}</h2>
      </div>
      <div className="rows">
        <div className="rrow">
          <div className="fill">
            <p>{account.passwordSetAt ? t`Gewijzigd ${moment(account.passwordSetAt)}` : t`Nog niet gewijzigd`}</p>
          </div>
          <Button small onClick={() => setAsking(true)}>
            {t`Wijzig wachtwoord`}
          </Button>
        </div>
      </div>
      {asking && <PasswordDialog me={me} minimum={account.minLength} onClose={() => setAsking(false)} />}
    </section>
  )
}

function PasswordDialog({ me, minimum, onClose }: { me: Me; minimum: number; onClose: () => void }) {
  const queryClient = useQueryClient()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [checked, setChecked] = useState(false)
  const change = useMutation({
    ...changeMyPasswordMutation(),
    onSuccess: () => {
      toast(t`Wachtwoord gewijzigd. Op andere apparaten ben je uitgelogd.`)
      void queryClient.invalidateQueries()
      onClose()
    },
  })
  const wrong = wordsFor(change.error, minimum)
  const short = [...next].length < minimum
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    setChecked(true)
    if (current && !short && !change.isPending) change.mutate({ body: { currentPassword: current, newPassword: next } })
  }
  return (
    <Dialog title={t`Wachtwoord wijzigen`} isOpen onClose={onClose}>
      <form noValidate onSubmit={submit}>
        <div className="dialog-body">
          {/* For the password manager: whose password this is. */}
          <input type="text" name="username" autoComplete="username" defaultValue={me.email} hidden readOnly />
          <TextField
            label={t`Huidig wachtwoord`}
            type="password"
            autoComplete="current-password"
            maxLength={256}
            value={current}
            error={checked && !current ? t`Vul je huidige wachtwoord in` : wrong['/currentPassword']}
            onChange={(event) => {
              setCurrent(event.target.value)
              change.reset()
            }}
          />
          <NewPassword
            value={next}
            minimum={minimum}
            own={[me.email, me.firstName, me.lastName, me.organisation.name]}
            error={checked && short ? t`Je wachtwoord heeft minstens ${minimum} tekens nodig` : wrong['/newPassword']}
            onChange={(value) => {
              setNext(value)
              setChecked(false)
              change.reset()
            }}
          />
          {Object.keys(wrong).length === 0 && <Mistake error={change.error} />}
        </div>
        <footer>
          <Button variant="quiet" onClick={onClose}>{t`Annuleer`}</Button>
          <Button type="submit" variant="primary" busy={change.isPending}>
            {t`Wijzig wachtwoord`}
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}

/** What the server found wrong, at the field it is about. */
function wordsFor(error: unknown, minimum: number): Record<string, string> {
  if (!(error instanceof ApiProblem)) return {}
  return Object.fromEntries(
    error.errors.map(({ pointer, code, message }) => {
      switch (code) {
        case 'wrong-password':
          return [pointer, t`Dit is niet je huidige wachtwoord.`]
        case 'password-too-short':
          return [pointer, t`Je wachtwoord heeft minstens ${minimum} tekens nodig`]
        case 'password-too-common':
          return [pointer, t`Makkelijk te raden. Neem een zin die alleen jij bedenkt.`]
      }
      return [pointer, message]
    }),
  )
}
