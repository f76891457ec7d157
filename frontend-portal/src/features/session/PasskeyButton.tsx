import { t } from '@lingui/core/macro'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { Button } from '#/components/Button'
import { Icon } from '#/components/Icon'

const signs = ['pointermove', 'pointerdown', 'keydown', 'focusin'] as const
const load = () => import('#/lazy/passkeyWords')

/**
 * Logging in without typing: with this button, or with the passkey that the browser offers at the username. All of it comes after the
 * first load, when somebody moves or stays for a moment.
 */
export function PasskeyButton({ office, onDone }: { office: string; onDone: () => void }) {
  const [busy, setBusy] = useState(false)
  const [mistake, setMistake] = useState('')
  const [round, setRound] = useState(0)
  const quiet = useRef(() => {})
  const answer = useEffectEvent((said: string | undefined) => {
    if (said === undefined) onDone()
    else setMistake(said)
  })
  useEffect(() => {
    let end = () => {}
    let gone = false
    const begin = () => {
      rest()
      void load()
        .then(({ offer }) => {
          if (!gone) end = offer(office, answer)
        })
        .catch(() => {})
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
  }, [office, round])

  const press = async () => {
    quiet.current()
    setBusy(true)
    setMistake('')
    const said = await (await load()).passkeyLogin(office)
    setBusy(false)
    if (said === undefined) return onDone()
    setMistake(said)
    setRound(round + 1)
  }
  return (
    <>
      <Button block busy={busy} onClick={() => void press()}>
        {t`Met je passkey`}
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
