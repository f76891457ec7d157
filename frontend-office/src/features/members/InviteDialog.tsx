import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { inviteDossierMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { Dossier } from '#/api/generated/types.gen'
import { ConfirmDialog } from '#/components/Dialog'
import { Icon } from '#/components/Icon'
import { Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'
import { listOf } from '#/lib/text'
import { mailsFor } from './mails'

/** Says who gets which mail before anything is sent. */
export function InviteDialog({ dossier, onClose }: { dossier: Dossier; onClose: () => void }) {
  const queryClient = useQueryClient()
  const mails = mailsFor(dossier.applicants)
  const invite = useMutation({
    ...inviteDossierMutation(),
    onSuccess: (result) => {
      const names = listOf(result.mails.flatMap((mail) => mail.members))
      toast(t`Uitnodiging verstuurd aan ${names}`, 'paper-plane-tilt')
      void queryClient.invalidateQueries()
      onClose()
    },
  })
  return (
    <ConfirmDialog
      title={t`Uitnodiging versturen?`}
      isOpen
      onClose={onClose}
      confirm={t`Uitnodiging versturen`}
      busy={invite.isPending}
      onConfirm={() => mails.length > 0 && invite.mutate({ path: { dossierId: dossier.id } })}
    >
      {mails.length === 0 ? (
        <div className="note note-turn">
          <Icon name="info" />
          <span>{t`Geen van de aanvragers heeft een e-mailadres. Vul er eerst een in.`}</span>
        </div>
      ) : (
        <>
          <p>{t`Deze mails gaan de deur uit:`}</p>
          <div className="rows">
            {mails.map((mail) => (
              <div key={mail.email} className="rrow">
                <Icon name="envelope-simple" />
                <div className="fill">
                  <b>{mail.email}</b>
                  <p>{t`Met de link en gebruikersnaam van ${listOf(mail.names)}`}</p>
                </div>
              </div>
            ))}
          </div>
          <p className="hint">{t`De links werken 48 uur. Wie al eerder een link kreeg, gebruikt alleen nog de nieuwe.`}</p>
        </>
      )}
      <Mistake error={invite.error} />
    </ConfirmDialog>
  )
}
