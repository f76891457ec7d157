import { t } from '@lingui/core/macro'
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { viewAsMemberMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { PortalMember } from '#/api/generated/types.gen'
import { ApiProblem } from '#/api/problem'
import { Button } from '#/components/Button'
import { Dialog } from '#/components/Dialog'
import { SelectField, TextArea } from '#/components/Field'
import { Icon } from '#/components/Icon'
import { Mistake } from '#/components/States'
import { fullName } from '#/lib/text'

const shortest = 10

/** Looking into the portal as a customer (B15): as whom and why, before a tab opens in which nothing can be changed. */
export function ViewDialog({
  members,
  member: first,
  dossierId,
  onClose,
}: {
  /** Whom there is to choose from; the first choice among them. */
  members: PortalMember[]
  member: PortalMember
  /** Where to begin, for who opens more than one. */
  dossierId?: string | undefined
  onClose: () => void
}) {
  const [member, setMember] = useState(first)
  const [reason, setReason] = useState('')
  const [short, setShort] = useState(false)
  const [held, setHeld] = useState<string>()
  const look = useMutation({
    ...viewAsMemberMutation(),
    onSuccess: ({ url }) => {
      const tab = window.open(url, '_blank')
      if (!tab) return setHeld(url)
      tab.opener = null
      onClose()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (look.isPending) return
    const enough = reason.trim().length >= shortest
    setShort(!enough)
    if (!enough) return
    const from = dossierId && member.dossierIds.includes(dossierId) ? { dossierId } : {}
    look.mutate({ path: { memberId: member.id }, body: { reason: reason.trim(), ...from } })
  }
  const problem: unknown = look.error
  const wrong = problem instanceof ApiProblem ? problem.fields['/reason'] : undefined
  return (
    <Dialog title={t`Portaal bekijken als ${fullName(member)}`} isOpen onClose={onClose}>
      {held ? (
        <>
          <div className="dialog-body">
            <div className="note note-turn" role="alert">
              <Icon name="warning-circle-fill" />
              <span>{t`Je browser hield het nieuwe tabblad tegen. Open het zelf, binnen een minuut.`}</span>
            </div>
          </div>
          <footer>
            <a className="btn btn-primary" href={held} target="_blank" rel="noreferrer" onClick={onClose}>
              <Icon name="eye" />
              {t`Open het portaal`}
            </a>
          </footer>
        </>
      ) : (
        <form noValidate onSubmit={submit}>
          <div className="dialog-body">
            <p>{t`Je ziet een half uur lang precies wat ${member.firstName} ziet, en kunt niets wijzigen.`}</p>
            {members.length > 1 && (
              <SelectField
                label={t`Als wie`}
                options={members.map((one) => ({ value: one.id, label: fullName(one) }))}
                value={member.id}
                onChange={(event) => setMember(members.find((one) => one.id === event.target.value) ?? member)}
              />
            )}
            <TextArea
              label={t`Waarom kijk je mee?`}
              rows={3}
              maxLength={300}
              value={reason}
              error={short ? t`Schrijf in minstens ${shortest} tekens waarom.` : wrong}
              hint={t`${member.firstName} leest dit onder Instellingen, met je naam. Het staat ook in de tijdlijn.`}
              placeholder={t`Bijvoorbeeld: belt dat de offerte niet te vinden is`}
              onChange={(event) => {
                setReason(event.target.value)
                setShort(false)
                look.reset()
              }}
            />
            <Mistake error={wrong ? undefined : problem} />
          </div>
          <footer>
            <Button variant="quiet" onClick={onClose}>{t`Annuleer`}</Button>
            <Button type="submit" variant="primary" icon="eye" busy={look.isPending}>
              {t`Open het portaal`}
            </Button>
          </footer>
        </form>
      )}
    </Dialog>
  )
}
