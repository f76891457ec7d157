import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { withdrawSubmissionMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { ActionPoint } from '#/api/generated/types.gen'
import { ifMatch } from '#/api/http'
import { ApiProblem, isStale } from '#/api/problem'
import { Button } from '#/components/Button'
import { writes } from '#/lib/looking'
import { Sheet } from '#/components/Sheet'
import { Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'

/** Takes back what was handed in, until the office has decided (F9). Asked once more: the files are gone for both. */
export function TakeBack({ point, office }: { point: ActionPoint; office: string }) {
  const queryClient = useQueryClient()
  const [asking, setAsking] = useState(false)
  // Looked at when the question was asked; what arrives meanwhile does not change what is taken back.
  const [version, setVersion] = useState(point.version)
  const settle = () => {
    setAsking(false)
    void queryClient.invalidateQueries()
  }
  const withdraw = useMutation({
    ...withdrawSubmissionMutation(),
    onSuccess: () => {
      toast(t`Teruggehaald`)
      settle()
    },
    onError: (error) => {
      const problem: unknown = error
      if (!isStale(problem) && !(problem instanceof ApiProblem && problem.status === 409)) return
      toast(t`Er is net iets veranderd. Hier staat hoe het nu is.`)
      settle()
    },
  })
  const ask = () => {
    withdraw.reset()
    setVersion(point.version)
    setAsking(true)
  }
  return (
    <>
      <div className="btn-row">
        <Button small icon="arrow-counter-clockwise-bold" {...writes()} onClick={ask}>{t`Terughalen`}</Button>
      </div>
      {asking && (
        <Sheet
          title={t`Wil je dit terughalen?`}
          onClose={() => !withdraw.isPending && setAsking(false)}
          footer={
            <div className="btn-row">
              <Button variant="quiet" onClick={() => !withdraw.isPending && setAsking(false)}>{t`Laten staan`}</Button>
              <Button
                variant="danger"
                busy={withdraw.isPending}
                onClick={() => withdraw.mutate({ path: { actionPointId: point.id }, headers: ifMatch(version) })}
              >{t`Terughalen`}</Button>
            </div>
          }
        >
          <p>{t`Je bestanden voor ${point.title} verdwijnen dan hier en bij ${office}. Daarna kun je opnieuw aanleveren.`}</p>
          <Mistake error={withdraw.error} />
        </Sheet>
      )}
    </>
  )
}
