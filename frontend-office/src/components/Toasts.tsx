import { t } from '@lingui/core/macro'
import { useSyncExternalStore } from 'react'
import { Icon } from './Icon'
import type { IconName } from './icons'

type Message = { id: number; text: string; icon: IconName }

const life = 6000
let messages: Message[] = []
let last = 0
const timers = new Map<number, ReturnType<typeof setTimeout>>()
const listeners = new Set<() => void>()

function publish(next: Message[]) {
  messages = next
  for (const listener of listeners) listener()
}

function dismiss(id: number) {
  clearTimeout(timers.get(id))
  timers.delete(id)
  publish(messages.filter((message) => message.id !== id))
}

const wait = (id: number) =>
  timers.set(
    id,
    setTimeout(() => dismiss(id), life),
  )

/** Says what was done, with the same verb as the button. Errors stand next to their cause, not here. */
export function toast(text: string, icon: IconName = 'check-circle') {
  last += 1
  publish([...messages.slice(-2), { id: last, text, icon }])
  wait(last)
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/**
 * A live region, not a dialog: it is read out without taking the focus. A message stays while the pointer or the focus is on it.
 */
export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => messages)
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map((message) => (
        // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
        <div
          key={message.id}
          className="toast"
          onMouseEnter={() => clearTimeout(timers.get(message.id))}
          onMouseLeave={() => wait(message.id)}
          onFocus={() => clearTimeout(timers.get(message.id))}
          onBlur={() => wait(message.id)}
        >
          <Icon name={message.icon} />
          <span className="grow">{message.text}</span>
          <button type="button" aria-label={t`Melding sluiten`} onClick={() => dismiss(message.id)}>
            <Icon name="x" />
          </button>
        </div>
      ))}
    </div>
  )
}
