import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { mailUsernameMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { PortalMember } from '#/api/generated/types.gen'
import { ConfirmDialog } from '#/components/Dialog'
import { Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'

/** Tells somebody the username, in one click after it was changed (A2). */
export function InformDialog({ member, onClose }: { member: PortalMember; onClose: () => void }) {
  const queryClient = useQueryClient()
  const inform = useMutation({
    ...mailUsernameMutation(),
    onSuccess: () => {
      toast(t`Gebruikersnaam gemaild aan ${member.firstName}`, 'paper-plane-tilt')
      void queryClient.invalidateQueries()
      onClose()
    },
  })
  const { username, firstName, email } = member
  return (
    <ConfirmDialog
      title={t`${firstName} de gebruikersnaam mailen?`}
      isOpen
      onClose={onClose}
      cancel={t`Niet nu`}
      confirm={t`Informeer de klant`}
      busy={inform.isPending}
      onConfirm={() => inform.mutate({ path: { memberId: member.id } })}
    >
      <p>
        <Trans>
          De gebruikersnaam is <b className="mono">{username}</b>.
        </Trans>{' '}
        {email ? t`Er gaat een mail naar ${email}.` : t`${firstName} heeft geen eigen e-mailadres: de mail gaat naar de eerste aanvrager.`}
      </p>
      <p className="hint">
        {member.state === 'active'
          ? t`Het wachtwoord blijft zoals het was.`
          : t`In de mail staat ook een link om een wachtwoord te kiezen, die 48 uur werkt. Een eerdere link werkt dan niet meer.`}
      </p>
      <Mistake error={inform.error} />
    </ConfirmDialog>
  )
}
