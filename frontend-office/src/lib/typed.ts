// What somebody typed and has not sent yet. Searching and filtering is no work that could be lost, and a password is typed again.
const touched = new Set<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>()

const isField = (target: EventTarget | null): target is HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement

/** Begins to notice what is typed, anywhere on the page. */
export function noticeTyping() {
  document.addEventListener(
    'input',
    ({ target }) => {
      if (!isField(target) || target.type === 'search' || target.type === 'password' || target.closest('.filters, .cmd')) return
      for (const one of touched) if (!one.isConnected) touched.delete(one)
      touched.add(target)
    },
    true,
  )
}

/** Whether something that was typed still stands on the screen. */
export const hasTyped = (): boolean =>
  [...touched].some((one) => one.isConnected && (one.type === 'checkbox' || one.type === 'radio' || one.value !== ''))
