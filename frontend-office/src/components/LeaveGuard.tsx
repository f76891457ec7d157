import { t } from '@lingui/core/macro'
import { useBlocker } from '@tanstack/react-router'
import { ConfirmDialog } from './Dialog'

/** Asks before what was typed is lost: by the back button, a link, a reload or closing the tab. */
export function LeaveGuard({ dirty }: { dirty: () => boolean }) {
  const leaving = useBlocker({
    // A session that ended cannot save any more: then signing in comes first.
    shouldBlockFn: ({ current, next }) => dirty() && next.pathname !== current.pathname && next.pathname !== '/login',
    enableBeforeUnload: dirty,
    withResolver: true,
  })
  return (
    <ConfirmDialog
      title={t`Weggaan zonder op te slaan?`}
      isOpen={leaving.status === 'blocked'}
      onClose={() => leaving.reset?.()}
      confirm={t`Weggaan`}
      danger
      onConfirm={() => leaving.proceed?.()}
    >
      <p>{t`Wat je hier hebt ingevuld, is dan weg.`}</p>
    </ConfirmDialog>
  )
}
