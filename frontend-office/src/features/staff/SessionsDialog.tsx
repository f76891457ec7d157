import { t } from '@lingui/core/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { endEmployeeSessionsMutation, listEmployeeSessionsOptions } from '#/api/generated/@tanstack/react-query.gen'
import type { Employee } from '#/api/generated/types.gen'
import { Button } from '#/components/Button'
import { Dialog } from '#/components/Dialog'
import { Failed, Mistake, SkeletonRows } from '#/components/States'
import { toast } from '#/components/Toasts'
import { moment } from '#/lib/dates'
import { fullName } from '#/lib/text'

/** Where a colleague is signed in, and ending all of it: a lost laptop, a desk that was left. */
export function SessionsDialog({ employee, self, onClose }: { employee: Employee; self: boolean; onClose: () => void }) {
  const queryClient = useQueryClient()
  const path = { employeeId: employee.id }
  const list = useQuery(listEmployeeSessionsOptions({ path }))
  const name = employee.firstName
  const end = useMutation({
    ...endEmployeeSessionsMutation(),
    onSuccess: () => {
      toast(self ? t`Overal elders uitgelogd` : t`${name} is overal uitgelogd`, 'sign-out')
      void queryClient.invalidateQueries()
    },
  })
  const open = list.data?.items ?? []
  const endable = open.filter((one) => !one.this).length > 0
  return (
    <Dialog title={t`Waar is ${fullName(employee)} ingelogd?`} isOpen onClose={onClose}>
      <div className="dialog-body">
        <p>{employee.lastLoginAt ? t`Laatst ingelogd ${moment(employee.lastLoginAt)}.` : t`Nog nooit ingelogd.`}</p>
        {list.isPending ? (
          <SkeletonRows rows={2} />
        ) : list.isError ? (
          <Failed error={list.error} retry={() => void list.refetch()} />
        ) : open.length === 0 ? (
          <p>{t`Nu nergens ingelogd.`}</p>
        ) : (
          <ul className="rows" aria-label={t`Ingelogd op`}>
            {open.map((one) => (
              <li className="rrow" key={`${one.createdAt} ${one.lastSeenAt}`}>
                <div className="fill">
                  <b>{one.device || t`Onbekend apparaat`}</b>
                  <p>{one.this ? t`Dit apparaat` : t`Sinds ${moment(one.createdAt)}, laatst gezien ${moment(one.lastSeenAt)}`}</p>
                </div>
              </li>
            ))}
          </ul>
        )}
        {endable && !self && (
          <p className="hint">{t`Uitloggen werkt meteen. ${name} kan daarna gewoon weer inloggen; wil je dat niet, kies dan Blokkeer.`}</p>
        )}
        <Mistake error={end.error} />
      </div>
      <footer>
        <Button variant="quiet" onClick={onClose}>{t`Sluiten`}</Button>
        {endable && (
          <Button variant="danger" icon="sign-out" busy={end.isPending} onClick={() => end.mutate({ path })}>
            {self ? t`Log overal elders uit` : t`Log ${name} overal uit`}
          </Button>
        )}
      </footer>
    </Dialog>
  )
}
