import { useEffect, useRef, useState } from 'react'
import { localDay } from './dates'

/** The value as it was a moment ago: requests follow the pause in typing, not each key. */
export function useDebounced<T>(value: T, milliseconds = 300): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds)
    return () => clearTimeout(timer)
  }, [value, milliseconds])
  return settled
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) && !isToggle(target)
const isToggle = (target: HTMLElement) => target instanceof HTMLInputElement && /^(checkbox|radio|button)$/.test(target.type)

/**
 * Single keys for the page (J, K, N, G ...). They stay silent while someone types, with a modifier, and under a dialog,
 * so a screen reader's own keys and the browser's shortcuts keep working.
 */
export function useHotkeys(keys: Record<string, () => void>, enabled = true) {
  const current = useRef(keys)
  useEffect(() => {
    current.current = keys
  })
  useEffect(() => {
    if (!enabled) return
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return
      if (isTyping(event.target) || document.querySelector('.modal-veil, [role=menu], [role=listbox]')) return
      const run = current.current[event.key.toLowerCase()]
      if (!run) return
      // Enter on a button or a link belongs to that button or link.
      if (event.key === 'Enter' && event.target instanceof HTMLElement && event.target.closest('a, button')) return
      event.preventDefault()
      run()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [enabled])
}

/** Today's date in Amsterdam; a screen that stays open overnight follows. */
export function useToday(): string {
  const [today, setToday] = useState(() => localDay(new Date()))
  useEffect(() => {
    const timer = setInterval(() => setToday(localDay(new Date())), 60_000)
    return () => clearInterval(timer)
  }, [])
  return today
}

/** The title of the tab. */
export function useTitle(title: string) {
  useEffect(() => {
    document.title = title ? `${title} · Voordeur` : 'Voordeur'
  }, [title])
}
