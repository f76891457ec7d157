import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { startSecondFactorResetMutation, stopSecondFactorResetMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { PortalMember } from '#/api/generated/types.gen'
import { Button } from '#/components/Button'
import { ConfirmDialog } from '#/components/Dialog'
import { Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'
import { clock, longDay } from '#/lib/dates'

/** Whether logging in takes a second step, and the slow way out for who lost everything (B3). */
export function SecondStep({ member, mayWrite }: { member: PortalMember; mayWrite: boolean }) {
  const queryClient = useQueryClient()
  const [asking, setAsking] = useState(false)
  const after = (say: string) => ({
    onSuccess: () => {
      toast(say)
      setAsking(false)
      void queryClient.invalidateQueries()
    },
  })
  const start = useMutation({ ...startSecondFactorResetMutation(), ...after(t`In gang gezet. De klant krijgt er een mail over.`) })
  const stop = useMutation({ ...stopSecondFactorResetMutation(), ...after(t`Gestopt. De tweede stap blijft aan.`) })
  const keys = member.passkeys
  const passkeys = keys === 1 ? t`1 passkey` : t`${keys} passkeys`
  if (!member.secondFactor && keys === 0) return t`Uit`
  const path = { memberId: member.id }
  const name = member.firstName
  if (member.secondFactorResetAt) {
    const at = `${longDay(member.secondFactorResetAt)} ${clock(member.secondFactorResetAt)}`
    return (
      <span className="stack-s">
        <span>{t`Aan. Wordt weggehaald vanaf ${at}, tenzij ${name} dat stopt.`}</span>
        {mayWrite && (
          <span className="row-s">
            <Button small busy={stop.isPending} onClick={() => stop.mutate({ path })}>
              {t`Laat aan staan`}
            </Button>
          </span>
        )}
        <Mistake error={stop.error} />
      </span>
    )
  }
  return (
    <span className="row-s">
      {[member.secondFactor ? t`Aan` : t`Uit`, ...(keys > 0 ? [passkeys] : [])].join(', ')}
      {mayWrite && (
        <Button variant="quiet" small onClick={() => setAsking(true)}>
          {t`Haal weg`}
          <span className="sr"> {t`de tweede stap van ${name}`}</span>
        </Button>
      )}
      {asking && (
        <ConfirmDialog
          title={t`De tweede stap van ${name} weghalen?`}
          isOpen
          onClose={() => setAsking(false)}
          confirm={t`Haal weg over 24 uur`}
          danger
          busy={start.isPending}
          onConfirm={() => start.mutate({ path })}
        >
          <p>{t`Doe dit alleen als ${name} geen code en geen herstelcode meer heeft, en je zeker weet met wie je spreekt.`}</p>
          {keys > 0 && <p>{t`Ook de passkeys van ${name} verdwijnen dan: die zitten meestal in de telefoon die weg is.`}</p>}
          <p>{t`Het gebeurt over 24 uur. ${name} krijgt nu een mail en kan het tot die tijd stoppen.`}</p>
          <Mistake error={start.error} />
        </ConfirmDialog>
      )}
    </span>
  )
}
