import { t } from '@lingui/core/macro'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { Button } from '#/components/Button'
import { Icon } from '#/components/Icon'
import { canUsePasskeys } from '#/lib/passkey'

const signs = ['pointermove', 'pointerdown', 'keydown', 'focusin'] as const
const load = () => Promise.all([import('#/lib/passkeys'), import('#/components/passkeyWords')])

/**
 * Signing in without typing: with this button, or with the passkey that the browser offers at the e-mail address. All of it comes after
 * the first load, when somebody moves or stays for a moment.
 */
export function PasskeyEntry({ onDone }: { onDone: () => void }) {
  const [busy, setBusy] = useState(false)
  const [mistake, setMistake] = useState('')
  const [round, setRound] = useState(0)
  const quiet = useRef(() => {})
  const done = useEffectEvent(onDone)
  useEffect(() => {
    if (!canUsePasskeys()) return undefined
    let end = () => {}
    let gone = false
    const wait = async () => {
      const [{ offer }, { passkeyMistake }] = await load()
      if (!gone) end = offer(done, (error) => setMistake(passkeyMistake(error)))
    }
    const begin = () => {
      rest()
      void wait().catch(() => {})
    }
    const timer = setTimeout(begin, round > 0 ? 0 : 3000)
    const rest = () => {
      clearTimeout(timer)
      for (const sign of signs) removeEventListener(sign, begin)
    }
    for (const sign of signs) addEventListener(sign, begin, { passive: true })
    quiet.current = () => {
      gone = true
      rest()
      end()
    }
    return () => quiet.current()
  }, [round])

  if (!canUsePasskeys()) return null
  const press = async () => {
    quiet.current()
    setBusy(true)
    setMistake('')
    const [{ logIn }, { passkeyMistake }] = await load()
    try {
      await logIn()
      onDone()
    } catch (error) {
      setMistake(passkeyMistake(error))
      setRound(round + 1)
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className="stack-s">
      <Button block icon="fingerprint" busy={busy} onClick={() => void press()}>
        {t`Met je passkey`}
      </Button>
      {mistake && (
        <p className="error" role="alert">
          <Icon name="warning-circle-fill" />
          {mistake}
        </p>
      )}
    </div>
  )
}
