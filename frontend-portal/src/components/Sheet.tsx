import { t } from '@lingui/core/macro'
import { useId, useLayoutEffect, useRef, type ReactNode } from 'react'
import { Icon } from './Icon'

/**
 * A sheet from the bottom on a phone, a dialog on a desktop. The platform's modal dialog brings containment, inertness of
 * the page behind it and Escape; the focus goes back in a layout effect, since after unmounting it would be lost.
 */
export function Sheet({
  title,
  lead,
  onClose,
  footer,
  children,
}: {
  title: string
  lead?: ReactNode
  onClose: () => void
  footer?: ReactNode
  children: ReactNode
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useLayoutEffect(() => {
    const element = dialog.current
    const before = document.activeElement
    element?.showModal()
    return () => {
      element?.close()
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={dialog}
      className="scrim"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
    >
      <div className="sheet">
        <header>
          <h2 id={id}>{title}</h2>
          {lead && <p>{lead}</p>}
          <button type="button" className="btn btn-quiet btn-icon" aria-label={t`Sluiten`} onClick={onClose}>
            <Icon name="x" />
          </button>
        </header>
        <div className="body">{children}</div>
        {footer && <footer>{footer}</footer>}
      </div>
    </dialog>
  )
}
