/** Some requests want a password or code of a moment ago. The screen asks for it; whoever waits goes on when it was given. */
type Question = (given: boolean) => void

let waiting: Question[] = []
let listeners: (() => void)[] = []
let renewed = 0

const tell = () => listeners.forEach((listener) => listener())

/** How often this page has renewed its session: then a request under way may have carried the old token. */
export const renewals = () => renewed

/** Resolves to whether the password was given. Several requests wait for one answer. */
export function askAgain(): Promise<boolean> {
  if (listeners.length === 0) return Promise.resolve(false)
  return new Promise((resolve) => {
    waiting = [...waiting, resolve]
    tell()
  })
}

export const isAsked = () => waiting.length > 0

export function whenAsked(listener: () => void): () => void {
  listeners = [...listeners, listener]
  return () => {
    listeners = listeners.filter((one) => one !== listener)
  }
}

/** Lets every request that waits go on, or fail. */
export function answer(given: boolean) {
  if (given) renewed += 1
  const all = waiting
  waiting = []
  tell()
  for (const resolve of all) resolve(given)
}
