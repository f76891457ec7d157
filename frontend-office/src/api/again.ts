import { answer as confirm, isAsked as isConfirming } from './stepUp'

/**
 * The session ended while somebody was at work. The screen asks for the login, on top of what was typed; requests that were refused
 * wait, and go on when the same person is back.
 */
type Question = (back: boolean) => void

let waiting: Question[] = []
let asked = false
let listeners: (() => void)[] = []
let count = 0

const tell = () => listeners.forEach((listener) => listener())

/** How often somebody came back: then a request under way may have carried the old session. */
export const returns = () => count

export const isAway = () => asked

/** Resolves to whether the same person is back. Several requests wait for one answer. */
export function askToReturn(): Promise<boolean> {
  if (listeners.length === 0) return Promise.resolve(false)
  return new Promise((resolve) => {
    waiting = [...waiting, resolve]
    asked = true
    tell()
  })
}

/** Told when somebody is away, and when that is over. */
export function whenAway(listener: () => void): () => void {
  listeners = [...listeners, listener]
  return () => {
    listeners = listeners.filter((one) => one !== listener)
  }
}

/** Lets every request that waits go on, or fail. */
export function settleReturn(back: boolean) {
  if (back) count += 1
  const all = waiting
  waiting = []
  asked = false
  tell()
  for (const resolve of all) resolve(back)
  // Who has just logged in need not confirm it once more.
  if (isConfirming()) confirm(back)
}
