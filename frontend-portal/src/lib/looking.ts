// This tab shows the portal to an employee who looks along as the customer (B15). It says so with every request, so that a
// customer's own session in the same browser goes on beside it.
const key = 'looking'

export const looksAlong = () => sessionStorage.getItem(key) !== null

/** Where the employee came from, at the office. */
export const wayBack = () => sessionStorage.getItem(key) ?? ''
export const startLooking = (back: string) => sessionStorage.setItem(key, back)
/** Whoever logs in here is a customer. Until then a tab that looked along does not go on as somebody else. */
export const stopLooking = () => sessionStorage.removeItem(key)

/** What a control that writes gets: it stays where it is and does nothing, and the bar on top has the reason. */
export const writes = () => (looksAlong() ? ({ 'aria-disabled': true, 'aria-describedby': 'looking' } as const) : {})
