import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { resetTestClientMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { Client } from '#/api/generated/types.gen'
import { ConfirmDialog } from '#/components/Dialog'
import { Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'

/** Puts a test client back to the start (D1), after saying what goes. */
export function ResetDialog({ client, onClose }: { client: Client; onClose: () => void }) {
  const queryClient = useQueryClient()
  const reset = useMutation({
    ...resetTestClientMutation(),
    onSuccess: () => {
      toast(t`${client.name} staat weer aan het begin`, 'arrow-counter-clockwise')
      void queryClient.invalidateQueries()
      onClose()
    },
  })
  return (
    <ConfirmDialog
      title={t`${client.name} terug naar het begin?`}
      isOpen
      onClose={onClose}
      confirm={t`Terug naar het begin`}
      danger
      busy={reset.isPending}
      onConfirm={() => reset.mutate({ path: { clientId: client.id } })}
    >
      <p>{t`Alle actiepunten van deze testklant staan weer open. Wat was aangeleverd verdwijnt, net als de beoordelingen. De login blijft.`}</p>
      <Mistake error={reset.error} />
    </ConfirmDialog>
  )
}
