import { t } from '@lingui/core/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { getDossierOptions, listDossierActionPointsOptions, removeApplicantMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { Dossier, DossierApplicant } from '#/api/generated/types.gen'
import { ifMatch } from '#/api/http'
import { isStale } from '#/api/problem'
import { ConfirmDialog } from '#/components/Dialog'
import { Conflict, Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'
import { fullName, listOf } from '#/lib/text'

/** Says what ends with it before somebody is taken off a dossier. */
export function RemoveApplicantDialog({ dossier, person, onClose }: { dossier: Dossier; person: DossierApplicant; onClose: () => void }) {
  const queryClient = useQueryClient()
  // The version that was on screen when the question was put: a change since then is a reason to look again.
  const [version, setVersion] = useState(dossier.version)
  const points = useQuery(listDossierActionPointsOptions({ path: { dossierId: dossier.id }, query: { limit: 200 } }))
  const asked = (points.data?.items ?? []).filter((point) => point.state === 'open' && point.forApplicant?.contactId === person.contactId)
  const titles = listOf(asked.map((point) => point.title))
  const name = fullName(person)
  const remove = useMutation({
    ...removeApplicantMutation(),
    onSuccess: () => {
      toast(t`${name} van het dossier gehaald`, 'archive')
      void queryClient.invalidateQueries()
      onClose()
    },
  })
  return (
    <ConfirmDialog
      title={t`${name} van dit dossier halen?`}
      isOpen
      onClose={onClose}
      confirm={t`Haal van dossier`}
      danger
      busy={remove.isPending}
      onConfirm={() =>
        remove.mutate({
          path: { dossierId: dossier.id, applicantId: person.id },
          query: { endAccess: true },
          headers: ifMatch(version),
        })
      }
    >
      {person.member && <p>{t`${person.firstName} ziet dit dossier meteen niet meer in het portaal.`}</p>}
      {asked.length > 0 && <p>{t`Wat nog aan ${person.firstName} gevraagd is, vervalt: ${titles}.`}</p>}
      <p>{t`Wat al is aangeleverd blijft in het dossier, en ${person.firstName} blijft contactpersoon van ${dossier.client.name}.`}</p>
      {isStale(remove.error) ? (
        <Conflict
          error={remove.error}
          onReload={async () => {
            await points.refetch()
            const newest = await queryClient.fetchQuery({ ...getDossierOptions({ path: { dossierId: dossier.id } }), staleTime: 0 })
            setVersion(newest.version)
            remove.reset()
          }}
        />
      ) : (
        <Mistake error={remove.error} />
      )}
    </ConfirmDialog>
  )
}
