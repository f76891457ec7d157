import { t } from '@lingui/core/macro'
import type { ReactNode } from 'react'
import { Dialog as AriaDialog, Heading } from 'react-aria-components/Dialog'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { Button, IconButton } from './Button'

export function Dialog({
  title,
  isOpen,
  onClose,
  wide,
  alert,
  children,
}: {
  title: string
  isOpen: boolean
  onClose: () => void
  wide?: boolean
  alert?: boolean
  children: ReactNode
}) {
  return (
    <ModalOverlay className="modal-veil" isOpen={isOpen} onOpenChange={(open) => !open && onClose()} isDismissable={!alert}>
      <Modal className={wide ? 'modal modal-wide' : 'modal'}>
        <AriaDialog className="dialog" role={alert ? 'alertdialog' : 'dialog'}>
          <header>
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            <IconButton icon="x" label={t`Sluiten`} small onClick={onClose} />
          </header>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

/** A question with its consequence, only for what the customer sees or what cannot be undone. */
export function ConfirmDialog({
  title,
  isOpen,
  onClose,
  confirm,
  cancel,
  danger,
  busy,
  onConfirm,
  children,
}: {
  title: string
  isOpen: boolean
  onClose: () => void
  confirm: string
  cancel?: string
  danger?: boolean
  busy?: boolean
  onConfirm: () => void
  children: ReactNode
}) {
  return (
    <Dialog title={title} isOpen={isOpen} onClose={onClose} alert>
      <div className="dialog-body">{children}</div>
      <footer>
        <Button variant="quiet" onClick={onClose}>
          {cancel ?? t`Annuleer`}
        </Button>
        <Button variant={danger ? 'danger' : 'primary'} busy={busy ?? false} onClick={onConfirm}>
          {confirm}
        </Button>
      </footer>
    </Dialog>
  )
}
