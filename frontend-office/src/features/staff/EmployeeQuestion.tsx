import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import {
  archiveEmployeeMutation,
  inviteEmployeeMutation,
  resetEmployeeMutation,
  updateEmployeeMutation,
} from '#/api/generated/@tanstack/react-query.gen'
import type { Employee } from '#/api/generated/types.gen'
import { ifMatch } from '#/api/http'
import { isStale } from '#/api/problem'
import { ConfirmDialog } from '#/components/Dialog'
import { Conflict, Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'
import { fullName } from '#/lib/text'

export type Question = 'invite' | 'reset' | 'block' | 'unblock' | 'archive'

/** One act on a colleague, with what follows from it. */
export function EmployeeQuestion({ ask, employee, onClose }: { ask: Question; employee: Employee; onClose: () => void }) {
  const queryClient = useQueryClient()
  const name = fullName(employee)
  const after = (say: string) => ({
    onSuccess: () => {
      toast(say)
      void queryClient.invalidateQueries()
      onClose()
    },
  })
  const invite = useMutation({ ...inviteEmployeeMutation(), ...after(t`Link verstuurd`) })
  const reset = useMutation({ ...resetEmployeeMutation(), ...after(t`${name} begint opnieuw`) })
  const update = useMutation({ ...updateEmployeeMutation(), ...after(ask === 'block' ? t`Geblokkeerd` : t`Blokkade opgeheven`) })
  const archive = useMutation({ ...archiveEmployeeMutation(), ...after(t`${name} is gearchiveerd`) })
  const path = { employeeId: employee.id }
  const headers = ifMatch(employee.version)
  const at = {
    invite: {
      title: t`${name} een link sturen?`,
      confirm: t`Link versturen`,
      text: t`Er gaat een mail naar ${employee.email} met een link die 48 uur werkt. Een eerdere link werkt dan niet meer.`,
      run: () => invite.mutate({ path }),
      mutation: invite,
    },
    reset: {
      title: t`${name} opnieuw laten beginnen?`,
      confirm: t`Laat opnieuw beginnen`,
      text: t`Voor wie de telefoon kwijt is. Wachtwoord, app en herstelcodes vervallen meteen, en ${employee.firstName} wordt overal uitgelogd. Er gaat een nieuwe link naar ${employee.email}.`,
      run: () => reset.mutate({ path }),
      mutation: reset,
    },
    block: {
      title: t`${name} blokkeren?`,
      confirm: t`Blokkeer`,
      text: t`${employee.firstName} wordt meteen uitgelogd en kan niet meer inloggen. Je kunt dit weer opheffen.`,
      run: () => update.mutate({ path, headers, body: { blocked: true } }),
      mutation: update,
    },
    unblock: {
      title: t`Blokkade van ${name} opheffen?`,
      confirm: t`Blokkade opheffen`,
      text: t`${employee.firstName} kan weer inloggen zoals voorheen.`,
      run: () => update.mutate({ path, headers, body: { blocked: false } }),
      mutation: update,
    },
    archive: {
      title: t`${name} archiveren?`,
      confirm: t`Archiveer`,
      text: t`${employee.firstName} wordt meteen uitgelogd en kan niet meer inloggen. Wat ${employee.firstName} deed, blijft op naam staan. Dossiers houden hun adviseur tot je een ander kiest.`,
      run: () => archive.mutate({ path, headers }),
      mutation: archive,
    },
  }[ask]
  const error: unknown = at.mutation.error
  return (
    <ConfirmDialog
      title={at.title}
      isOpen
      onClose={onClose}
      confirm={at.confirm}
      danger={ask === 'block' || ask === 'archive' || ask === 'reset'}
      busy={at.mutation.isPending}
      onConfirm={at.run}
    >
      <p>{at.text}</p>
      {isStale(error) ? (
        <Conflict
          error={error}
          onReload={async () => {
            await queryClient.invalidateQueries()
            onClose()
          }}
        />
      ) : (
        <Mistake error={error} />
      )}
    </ConfirmDialog>
  )
}
