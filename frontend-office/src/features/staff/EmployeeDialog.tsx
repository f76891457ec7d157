import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { createEmployeeMutation, getEmployeeOptions, updateEmployeeMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { Employee } from '#/api/generated/types.gen'
import { ifMatch } from '#/api/http'
import { ApiProblem, isStale } from '#/api/problem'
import { Button } from '#/components/Button'
import { Dialog } from '#/components/Dialog'
import { SelectField, TextField } from '#/components/Field'
import { Conflict, Merged, Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'
import { useDraft } from '#/lib/draft'
import { fullName } from '#/lib/text'
import { optionsOf, roles, roleWord, type Role } from '#/lib/words'

/** Someone new, who chooses the password by a link in the mail; or what changes about a colleague. */
export function EmployeeDialog({ employee, onClose }: { employee: Employee | undefined; onClose: () => void }) {
  const queryClient = useQueryClient()
  const form = useDraft(employee, (from) => ({
    firstName: from?.firstName ?? '',
    lastName: from?.lastName ?? '',
    email: from?.email ?? '',
    jobTitle: from?.jobTitle ?? '',
    phone: from?.phone ?? '',
    role: (from?.role ?? 'adviser') as Role,
  }))
  const { draft } = form
  const [checked, setChecked] = useState(false)
  const after = (say: (saved: Employee) => string) => ({
    onSuccess: (saved: Employee) => {
      toast(say(saved))
      void queryClient.invalidateQueries()
      onClose()
    },
  })
  const create = useMutation({ ...createEmployeeMutation(), ...after((saved) => t`${fullName(saved)} is uitgenodigd`) })
  const update = useMutation({ ...updateEmployeeMutation(), ...after(() => t`Opgeslagen`) })
  const problem: unknown = create.error ?? update.error
  const fields = problem instanceof ApiProblem ? problem.fields : {}
  const field = (name: keyof typeof draft, required?: string) => ({
    value: draft[name],
    error: fields[`/${name}`] ?? (checked && required && !draft[name].trim() ? required : undefined),
    onChange: (event: { target: { value: string } }) => {
      form.set({ [name]: event.target.value })
      create.reset()
      update.reset()
    },
  })

  function submit() {
    setChecked(true)
    const { email, ...rest } = Object.fromEntries(Object.entries(draft).map(([key, value]) => [key, value.trim()])) as typeof draft
    if (!rest.firstName || !rest.lastName || !email) return
    if (employee) update.mutate({ path: { employeeId: employee.id }, headers: ifMatch(form.version), body: rest })
    else create.mutate({ body: { ...rest, email } })
  }

  return (
    <Dialog title={employee ? t`Medewerker wijzigen` : t`Medewerker uitnodigen`} isOpen onClose={onClose}>
      <div className="dialog-body">
        {isStale(problem) && (
          <Conflict
            error={problem}
            onReload={async () => {
              if (!employee) return
              form.load(await queryClient.fetchQuery({ ...getEmployeeOptions({ path: { employeeId: employee.id } }), staleTime: 0 }))
              update.reset()
            }}
          />
        )}
        <Merged
          clashes={form.clashes}
          onYield={form.yield}
          names={{ firstName: t`Voornaam`, lastName: t`Achternaam`, jobTitle: t`Functie`, phone: t`Telefoon`, role: t`Rol` }}
        />
        <div className="pair">
          <TextField label={t`Voornaam`} maxLength={80} {...field('firstName', t`Vul de voornaam in`)} />
          <TextField label={t`Achternaam`} maxLength={120} {...field('lastName', t`Vul de achternaam in`)} />
        </div>
        {!employee && (
          <TextField
            label={t`E-mailadres`}
            type="email"
            maxLength={254}
            hint={t`Hier komt de link binnen, en hiermee wordt ingelogd.`}
            {...field('email', t`Vul het e-mailadres in`)}
          />
        )}
        <div className="pair">
          <TextField label={t`Functie`} optional maxLength={80} {...field('jobTitle')} />
          <TextField label={t`Telefoon`} optional type="tel" maxLength={40} {...field('phone')} />
        </div>
        <SelectField
          label={t`Rol`}
          options={optionsOf(roles, roleWord)}
          {...field('role')}
          hint={t`Wat een rol mag, staat onder Rechten.`}
        />
        {!isStale(problem) && Object.keys(fields).length === 0 && <Mistake error={problem} />}
      </div>
      <footer>
        <Button variant="quiet" onClick={onClose}>{t`Annuleer`}</Button>
        <Button variant="primary" busy={create.isPending || update.isPending} onClick={submit}>
          {employee ? t`Opslaan` : t`Uitnodiging versturen`}
        </Button>
      </footer>
    </Dialog>
  )
}
