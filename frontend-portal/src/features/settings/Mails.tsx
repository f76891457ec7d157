import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { getMeOptions, updateMyPreferencesMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { Me } from '#/api/generated/types.gen'
import { ifMatch } from '#/api/http'
import { isStale } from '#/api/problem'
import { Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'
import { writes } from '#/lib/looking'

type Notification = Me['notifications'][number]
const kinds = ['new_quotes', 'new_invoices', 'completed_jobs'] as const

/** Which mails the customer wants (E10). */
export function Mails({ me }: { me: Me }) {
  const queryClient = useQueryClient()
  const save = useMutation({
    ...updateMyPreferencesMutation(),
    onSuccess: (saved) => {
      queryClient.setQueryData(getMeOptions().queryKey, (old) => old && { ...old, ...saved })
      toast(t`Opgeslagen`)
    },
    onError: (error) => {
      // The office changed the login meanwhile: what it is now is fetched, and the choice can be made again.
      if (isStale(error)) void queryClient.invalidateQueries({ queryKey: getMeOptions().queryKey })
    },
  })
  // What was chosen shows at once; the switch keeps its focus while that is saved.
  const chosen = save.isPending ? save.variables.body.notifications : me.notifications
  const choose = (kind: Notification, on: boolean) => {
    if (save.isPending) return
    save.mutate({
      headers: ifMatch(me.version),
      body: { notifications: kinds.filter((one) => (one === kind ? on : chosen.includes(one))) },
    })
  }
  return (
    <section className="sec" aria-labelledby="mails">
      <header>
        <h2 id="mails">{t`E-mail`}</h2>
      </header>
      <div className="set">
        {kinds.map((kind) => {
          const [name, text] = words(kind)
          return (
            <div className="set-row" key={kind}>
              <div>
                <h3 id={`mail-${kind}`}>{name}</h3>
                <p id={`mail-${kind}-text`}>{text}</p>
              </div>
              <input
                type="checkbox"
                role="switch"
                className="switch"
                aria-labelledby={`mail-${kind}`}
                aria-describedby={`mail-${kind}-text`}
                checked={chosen.includes(kind)}
                aria-checked={chosen.includes(kind)}
                {...writes()}
                onChange={(event) => choose(kind, event.target.checked)}
              />
            </div>
          )
        })}
      </div>
      <p className="hint">{t`Dit geldt zodra je offertes, facturen en opdrachten in het portaal hebt.`}</p>
      <Mistake error={save.error} />
    </section>
  )
}

function words(kind: Notification): [string, string] {
  switch (kind) {
    case 'new_quotes':
      return [t`Nieuwe offerte`, t`Mail me als er iets goed te keuren is`]
    case 'new_invoices':
      return [t`Nieuwe factuur`, t`Mail me als er iets te betalen is`]
    case 'completed_jobs':
      return [t`Opdracht afgerond`, t`Mail me als er iets klaar is`]
  }
}
