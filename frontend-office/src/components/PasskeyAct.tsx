import { useState } from 'react'
import type { AddedPasskey } from '#/api/generated/types.gen'
import { Button } from './Button'
import { Icon } from './Icon'

const load = () => Promise.all([import('#/lib/passkeys'), import('./passkeyWords')])

type Act = { label: string; primary?: boolean; small?: boolean } & (
  | { to: 'log-in' | 'confirm'; onDone: () => void }
  | { to: 'add'; onDone: (added: AddedPasskey) => void }
)

/** One press of a button: logs in with a passkey, confirms with one, or makes one. */
export function PasskeyAct({ label, primary, small = false, ...act }: Act) {
  const [busy, setBusy] = useState(false)
  const [mistake, setMistake] = useState('')
  const press = async () => {
    setBusy(true)
    setMistake('')
    const [{ add, confirm, logIn }, { passkeyMistake }] = await load()
    try {
      if (act.to === 'add') act.onDone(await add())
      else {
        await (act.to === 'confirm' ? confirm() : logIn())
        act.onDone()
      }
    } catch (error) {
      setMistake(passkeyMistake(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Button
        variant={primary ? 'primary' : 'secondary'}
        icon="fingerprint"
        small={small}
        block={!small}
        busy={busy}
        onClick={() => void press()}
      >
        {label}
      </Button>
      {mistake && (
        <p className="error" role="alert">
          <Icon name="warning-circle-fill" />
          {mistake}
        </p>
      )}
    </>
  )
}
