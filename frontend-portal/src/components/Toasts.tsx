import { useSyncExternalStore } from 'react'
import { Icon } from './Icon'

let text = ''
let timer: ReturnType<typeof setTimeout> | undefined
const listeners = new Set<() => void>()

function show(next: string) {
  text = next
  for (const listener of listeners) listener()
}

/** Says what was done, with the same verb as the button. Errors stand next to their cause, not here. */
export function toast(message: string) {
  clearTimeout(timer)
  show(message)
  timer = setTimeout(() => show(''), 6000)
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function Toasts() {
  const message = useSyncExternalStore(subscribe, () => text)
  return (
    <div className="toasts" role="status">
      {message && (
        <div className="toast">
          <Icon name="check-bold" />
          <span className="grow">{message}</span>
        </div>
      )}
    </div>
  )
}
