import { useState } from 'react'
import { Button } from '#/components/Button'
import { Icon } from '#/components/Icon'

/** One press of a button: logs in with a passkey at an office, or makes one. */
export function PasskeyAct({ office, label, primary, onDone }: { office?: string; label: string; primary?: boolean; onDone: () => void }) {
  const [busy, setBusy] = useState(false)
  const [mistake, setMistake] = useState('')
  const act = async () => {
    setBusy(true)
    setMistake('')
    const [{ add, logIn }, { passkeyMistake }] = await Promise.all([import('#/lazy/passkey'), import('#/lazy/passkeyWords')])
    try {
      await (office ? logIn(office) : add())
      onDone()
    } catch (error) {
      setMistake(passkeyMistake(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Button variant={primary ? 'primary' : 'secondary'} icon="fingerprint" block busy={busy} onClick={() => void act()}>
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
