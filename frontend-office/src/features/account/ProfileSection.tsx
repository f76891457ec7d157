import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type SyntheticEvent } from 'react'
import { updateMeMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { Me } from '#/api/generated/types.gen'
import { ifMatch } from '#/api/http'
import { ApiProblem, isStale } from '#/api/problem'
import { Button } from '#/components/Button'
import { TextField } from '#/components/Field'
import { Conflict, Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'
import { roleWord } from '#/lib/words'

/** How customers and colleagues see who I am. The address to sign in with is an administrator's. */
export function ProfileSection({ me }: { me: Me }) {
  const queryClient = useQueryClient()
  const [draft, setDraft] = useState({ firstName: me.firstName, lastName: me.lastName, jobTitle: me.jobTitle, phone: me.phone })
  const save = useMutation({
    ...updateMeMutation(),
    onSuccess: () => {
      toast(t`Gegevens opgeslagen`)
      void queryClient.invalidateQueries()
    },
  })
  const problem: unknown = save.error
  const fields = problem instanceof ApiProblem ? problem.fields : {}
  const set = (change: Partial<typeof draft>) => {
    setDraft((now) => ({ ...now, ...change }))
    save.reset()
  }
  const same = (Object.keys(draft) as (keyof typeof draft)[]).every((key) => draft[key].trim() === me[key])
  const role = roleWord(me.role)
  return (
    <section aria-labelledby="profile">
      <div className="sec-h">
        <h2 id="profile">{t`Wie ik ben`}</h2>
      </div>
      <form
        className="stack"
        noValidate
        onSubmit={(event: SyntheticEvent) => {
          event.preventDefault()
          save.mutate({ headers: ifMatch(me.version), body: draft })
        }}
      >
        <div className="pair">
          <TextField
            label={t`Voornaam`}
            maxLength={80}
            autoComplete="given-name"
            value={draft.firstName}
            error={fields['/firstName']}
            onChange={(event) => set({ firstName: event.target.value })}
          />
          <TextField
            label={t`Achternaam`}
            maxLength={120}
            autoComplete="family-name"
            value={draft.lastName}
            error={fields['/lastName']}
            onChange={(event) => set({ lastName: event.target.value })}
          />
        </div>
        <div className="pair">
          <TextField
            label={t`Functie`}
            optional
            maxLength={80}
            value={draft.jobTitle}
            error={fields['/jobTitle']}
            onChange={(event) => set({ jobTitle: event.target.value })}
          />
          <TextField
            label={t`Telefoon`}
            optional
            type="tel"
            maxLength={40}
            autoComplete="tel"
            value={draft.phone}
            error={fields['/phone']}
            hint={t`Klanten zien deze gegevens bij hun dossier.`}
            onChange={(event) => set({ phone: event.target.value })}
          />
        </div>
        <p className="small muted">{t`Je logt in met ${me.email}. Je rol is ${role}. Een beheerder kan dat wijzigen.`}</p>
        {isStale(problem) ? (
          <Conflict error={problem} onReload={() => queryClient.invalidateQueries()} />
        ) : (
          Object.keys(fields).length === 0 && <Mistake error={problem} />
        )}
        <div className="row-s">
          <Button type="submit" variant="primary" disabled={same} busy={save.isPending}>
            {t`Opslaan`}
          </Button>
        </div>
      </form>
    </section>
  )
}
