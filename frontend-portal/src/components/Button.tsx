import type { ButtonHTMLAttributes, ReactNode } from 'react'
import { Icon } from './Icon'
import type { IconName } from './icons'

type Props = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className'> & {
  variant?: 'primary' | 'secondary' | 'quiet' | 'danger'
  icon?: IconName
  block?: boolean
  small?: boolean
  busy?: boolean
  children: ReactNode
}

/** While busy it keeps its label and its place, and a second press does nothing; nor does the second half of a double click. */
export function Button({ variant = 'secondary', icon, block, small, busy, type = 'button', onClick, children, ...rest }: Props) {
  const classes = ['btn', `btn-${variant}`, block ? 'btn-block' : '', small ? 'btn-sm' : ''].filter(Boolean).join(' ')
  return (
    <button
      {...rest}
      type={type}
      className={classes}
      aria-busy={busy ?? undefined}
      aria-disabled={busy ? true : rest['aria-disabled']}
      onClick={(event) => {
        if (busy || (event.detail > 1 && (type === 'submit' || variant === 'primary'))) event.preventDefault()
        else onClick?.(event)
      }}
    >
      {busy ? <span className="spin" aria-hidden="true" /> : icon && <Icon name={icon} />}
      {children}
    </button>
  )
}
