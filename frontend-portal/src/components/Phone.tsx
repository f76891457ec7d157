import type { ComponentProps } from 'react'

/** A telephone number that calls when pressed. */
export function Phone({ number, children = number, ...rest }: ComponentProps<'a'> & { number: string }) {
  return (
    <a className="nowrap" href={`tel:${number.replaceAll(/[^+\d]/g, '')}`} {...rest}>
      {children}
    </a>
  )
}
