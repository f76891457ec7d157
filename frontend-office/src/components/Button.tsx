import { useEffect, useRef, type ComponentProps, type ReactNode } from 'react'
import { Icon } from './Icon'
import type { IconName } from './icons'

type Props = Omit<ComponentProps<'button'>, 'className'> & {
  variant?: 'primary' | 'secondary' | 'quiet' | 'danger'
  icon?: IconName
  shortcut?: string
  small?: boolean
  block?: boolean
  busy?: boolean
  children: ReactNode
}

/**
 * A verb. While it works it keeps its label and says so to a screen reader; a second press does nothing. Nor does the second
 * press of a double click, which can come before the first has drawn anything.
 */
export function Button({ variant = 'secondary', icon, shortcut, small, block, busy, children, type = 'button', onClick, ...rest }: Props) {
  const pressed = useRef(-1000)
  // Once it has worked and failed, it may be pressed again at once.
  useEffect(() => {
    if (!busy) pressed.current = -1000
  }, [busy])
  const className = ['btn', `btn-${variant}`, small && 'btn-sm', block && 'btn-block'].filter(Boolean).join(' ')
  return (
    <button
      {...rest}
      type={type === 'submit' ? 'submit' : 'button'}
      className={className}
      aria-busy={busy || undefined}
      aria-keyshortcuts={shortcut}
      onClick={(event) => {
        // A pointer counts its presses; Enter held down or hit twice does not.
        const twice = event.detail > 1 || (event.detail === 0 && event.timeStamp - pressed.current < 500)
        const again = busy !== undefined && twice
        pressed.current = event.timeStamp
        if (busy || again) event.preventDefault()
        else onClick?.(event)
      }}
    >
      {busy ? <span className="spin" aria-hidden="true" /> : icon && <Icon name={icon} />}
      {children}
      {shortcut && <kbd aria-hidden="true">{shortcut}</kbd>}
    </button>
  )
}

/** A button that is only a picture; its name is said in words. */
export function IconButton({
  icon,
  label,
  small,
  variant = 'quiet',
  ...rest
}: Omit<ComponentProps<'button'>, 'className' | 'children'> & {
  icon: IconName
  label: string
  small?: boolean
  variant?: 'quiet' | 'secondary'
}) {
  return (
    <button {...rest} type="button" className={`btn btn-${variant} btn-icon${small ? ' btn-sm' : ''}`} aria-label={label} title={label}>
      <Icon name={icon} />
    </button>
  )
}
