import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import {
  confirmMySecondFactorMutation,
  renewMyRecoveryCodesMutation,
  startMySecondFactorMutation,
} from '#/api/generated/@tanstack/react-query.gen'
import type { MyAccount } from '#/api/generated/types.gen'
import { ApiProblem } from '#/api/problem'
import { Button } from '#/components/Button'
import { Dialog } from '#/components/Dialog'
import { TextField } from '#/components/Field'
import { Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'
import { CodeBoxes } from '#/components/CodeBoxes'
import { AppKey } from '#/components/SecondFactor'
import { codeMistake } from '#/lib/loginMistakes'
import { Kept } from './Kept'

/** The app that gives the codes, and the codes for who loses it. */
export function SecondStepSection({ account }: { account: MyAccount }) {
  const [asking, setAsking] = useState<'app' | 'codes'>()
  const left = account.recoveryCodes
  return (
    <section aria-labelledby="second-step">
      <div className="sec-h">
        <h2 id="second-step">{t`Tweede stap`}</h2>
      </div>
      <div className="rows">
        <div className="rrow">
          <div className="fill">
            <b>{t`Authenticator-app`}</b>
            <p>
              {account.secondFactor
                ? t`Gekoppeld. Nieuwe telefoon? Koppel die hier, zolang je de oude nog hebt.`
                : account.linked
                  ? t`Niet gekoppeld. De tweede stap is die van je kantooraccount.`
                  : t`Niet gekoppeld.`}
            </p>
          </div>
          <Button small onClick={() => setAsking('app')}>
            {account.secondFactor ? t`Koppel een nieuwe app` : t`Koppel een app`}
          </Button>
        </div>
        {account.secondFactor && (
          <div className="rrow">
            <div className="fill">
              <b>{t`Herstelcodes`}</b>
              <p className={left < 3 ? 'late' : ''}>
                {left === 0 ? t`Geen over. Maak nieuwe, anders sta je zonder telefoon buiten.` : t`Nog ${left} van de 10 over.`}
              </p>
            </div>
            <Button small onClick={() => setAsking('codes')}>
              {t`Maak nieuwe codes`}
            </Button>
          </div>
        )}
      </div>
      {asking === 'app' && <AppDialog coupled={account.secondFactor} onClose={() => setAsking(undefined)} />}
      {asking === 'codes' && <CodesDialog onClose={() => setAsking(undefined)} />}
    </section>
  )
}

function CodesDialog({ onClose }: { onClose: () => void }) {
  const queryClient = useQueryClient()
  const renew = useMutation({ ...renewMyRecoveryCodesMutation(), onSuccess: () => void queryClient.invalidateQueries() })
  const codes = renew.data?.recoveryCodes
  return (
    <Dialog title={codes ? t`Bewaar je herstelcodes` : t`Nieuwe herstelcodes`} isOpen onClose={onClose} alert={Boolean(codes)}>
      {codes ? (
        <Kept codes={codes} onClose={onClose} />
      ) : (
        <div className="dialog-body">
          <p>{t`Typ een code uit je app. De oude herstelcodes werken daarna niet meer.`}</p>
          <CodeBoxes
            focused
            busy={renew.isPending}
            mistake={renew.isError ? codeMistake(renew.error) : undefined}
            submitLabel={t`Maak nieuwe codes`}
            onSubmit={(code) => renew.mutateAsync({ body: { code } }).catch(() => undefined)}
          />
        </div>
      )}
    </Dialog>
  )
}

function AppDialog({ coupled, onClose }: { coupled: boolean; onClose: () => void }) {
  const queryClient = useQueryClient()
  const [old, setOld] = useState('')
  const start = useMutation(startMySecondFactorMutation())
  const confirm = useMutation({
    ...confirmMySecondFactorMutation(),
    onSuccess: () => {
      toast(t`Nieuwe app gekoppeld. Op andere apparaten ben je uitgelogd.`)
      void queryClient.invalidateQueries()
    },
  })
  const codes = confirm.data?.recoveryCodes
  const wrong = start.error instanceof ApiProblem && start.error.errors.length > 0
  if (codes) {
    return (
      <Dialog title={t`Bewaar je herstelcodes`} isOpen onClose={onClose} alert>
        <Kept codes={codes} onClose={onClose} />
      </Dialog>
    )
  }
  return (
    <Dialog title={t`Koppel een nieuwe app`} isOpen onClose={onClose}>
      {start.data ? (
        <div className="dialog-body">
          <p>{t`Open een authenticator-app op je nieuwe telefoon, scan deze code en typ wat de app laat zien.`}</p>
          <AppKey uri={start.data.uri} secret={start.data.secret} />
          <CodeBoxes
            busy={confirm.isPending}
            mistake={confirm.isError ? codeMistake(confirm.error) : undefined}
            submitLabel={t`Koppelen`}
            onSubmit={(code) => confirm.mutateAsync({ body: { code } }).catch(() => undefined)}
          />
        </div>
      ) : (
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault()
            start.mutate({ body: old.trim() ? { code: old.trim() } : {} })
          }}
        >
          <div className="dialog-body">
            {coupled ? (
              <TextField
                label={t`Code uit je huidige app, of een herstelcode`}
                mono
                maxLength={64}
                autoComplete="one-time-code"
                // The dialog exists for this field only.
                // oxlint-disable-next-line jsx-a11y/no-autofocus
                autoFocus
                value={old}
                error={wrong ? t`Die code klopt niet (meer). Elke code werkt één keer.` : undefined}
                onChange={(event) => {
                  setOld(event.target.value)
                  start.reset()
                }}
              />
            ) : (
              <p>{t`Met een app op je telefoon log je in met je wachtwoord én een code.`}</p>
            )}
            {!wrong && <Mistake error={start.error} />}
          </div>
          <footer>
            <Button variant="quiet" onClick={onClose}>{t`Annuleer`}</Button>
            <Button type="submit" variant="primary" busy={start.isPending} disabled={coupled && !old.trim()}>
              {t`Verder`}
            </Button>
          </footer>
        </form>
      )}
    </Dialog>
  )
}
