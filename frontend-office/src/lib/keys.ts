/** The key that searching has on this machine. */
export const searchKey = /Mac|iP(hone|ad)/.test(navigator.platform) ? '⌘ K' : 'Ctrl K'
export const closeKey = 'Esc'

/** Moves the focus to the first control in an element. */
export const focusIn = (element: Element | undefined) => element?.querySelector<HTMLElement>('a, button')?.focus()
