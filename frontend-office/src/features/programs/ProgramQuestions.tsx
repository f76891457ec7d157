import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { revokeApiClientMutation, rotateApiClientMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { ApiClient, ApiClientSecret } from '#/api/generated/types.gen'
import { ConfirmDialog } from '#/components/Dialog'
import { SelectField } from '#/components/Field'
import { Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'

/** Another secret, while the old one goes on working for as long as it takes to put the new one in its place. */
export function RotateDialog({
  program,
  onMade,
  onClose,
}: {
  program: ApiClient
  onMade: (made: ApiClientSecret) => void
  onClose: () => void
}) {
  const queryClient = useQueryClient()
  const [hours, setHours] = useState('24')
  const rotate = useMutation({
    ...rotateApiClientMutation(),
    onSuccess: (made: ApiClientSecret) => {
      void queryClient.invalidateQueries()
      onMade(made)
    },
  })
  return (
    <ConfirmDialog
      title={t`Geheim van ${program.name} vervangen?`}
      isOpen
      onClose={onClose}
      confirm={t`Vervang het geheim`}
      busy={rotate.isPending}
      onConfirm={() => rotate.mutate({ path: { apiClientId: program.id }, body: { overlapHours: Number(hours) } })}
    >
      <p>{t`Je krijgt een nieuw geheim om in het programma te zetten. Is het oude uitgelekt, laat het dan meteen vervallen.`}</p>
      <SelectField
        label={t`Het oude geheim werkt nog`}
        value={hours}
        options={[
          { value: '0', label: t`Niet meer` },
          { value: '1', label: t`Een uur` },
          { value: '24', label: t`Een dag` },
          { value: '168', label: t`Een week` },
        ]}
        onChange={(event) => setHours(event.target.value)}
      />
      <Mistake error={rotate.error} />
    </ConfirmDialog>
  )
}

export function RevokeDialog({ program, onClose }: { program: ApiClient; onClose: () => void }) {
  const queryClient = useQueryClient()
  const revoke = useMutation({
    ...revokeApiClientMutation(),
    onSuccess: () => {
      toast(t`${program.name} is ingetrokken`)
      void queryClient.invalidateQueries()
      onClose()
    },
  })
  return (
    <ConfirmDialog
      title={t`${program.name} intrekken?`}
      isOpen
      onClose={onClose}
      confirm={t`Trek in`}
      danger
      busy={revoke.isPending}
      onConfirm={() => revoke.mutate({ path: { apiClientId: program.id } })}
    >
      <p>{t`Het programma komt vanaf het volgende verzoek nergens meer bij. Dit kun je niet terugdraaien.`}</p>
      {program.kind === 'app' && <p>{t`Ook de toestemming van klanten vervalt.`}</p>}
      <Mistake error={revoke.error} />
    </ConfirmDialog>
  )
}
