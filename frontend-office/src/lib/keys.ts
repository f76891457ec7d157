/** The key that searching has on this machine. */
export const searchKey = /Mac|iP(hone|ad)/.test(navigator.platform) ? '⌘ K' : 'Ctrl K'
export const closeKey = 'Esc'

/** Moves the focus to the first control in an element. */
export const focusIn = (element: Element | undefined) => element?.querySelector<HTMLElement>('a, button')?.focus()

/** Scrolls a row of tabs sideways until one of them stands in the middle. */
export function centre(row: HTMLElement | null, tab: string) {
  const one = row?.querySelector<HTMLElement>(`[data-tab="${tab}"]`)
  if (row && one) row.scrollLeft = one.offsetLeft - (row.clientWidth - one.offsetWidth) / 2
}
