import { t } from '@lingui/core/macro'
import { useState } from 'react'
import type { Dossier, PortalMember } from '#/api/generated/types.gen'
import { useCan } from '#/api/me'
import { Button } from '#/components/Button'
import { Icon } from '#/components/Icon'
import { Menu } from '#/components/Menu'
import { useHotkeys } from '#/lib/hooks'
import { fullName } from '#/lib/text'
import { mayEnter } from './entry'
import { ViewDialog } from './ViewDialog'

/** In the head of a dossier: into the portal as the first applicant, or as another one. */
export function LookAlong({ dossier }: { dossier: Dossier }) {
  const mayLook = useCan('member:view_as')
  const [as, setAs] = useState<PortalMember>()
  const members = dossier.applicants.flatMap((person) => (person.member && mayEnter(person.member) ? [person.member] : []))
  const first = members[0]
  useHotkeys(first ? { p: () => setAs(first) } : {}, mayLook)
  if (!mayLook || !first) return null
  const variant = dossier.portalState === 'active' ? 'primary' : 'secondary'
  const button = (
    <Button variant={variant} icon="eye" shortcut="P" onClick={() => setAs(first)}>
      {t`Portaal bekijken als ${first.firstName}`}
    </Button>
  )
  return (
    <>
      {members.length > 1 ? (
        <span className="split-btn">
          {button}
          <Menu
            label={t`Kies een ander portaallid`}
            className={`btn btn-${variant}`}
            entries={members.slice(1).map((one) => ({
              id: one.id,
              label: t`Portaal bekijken als ${fullName(one)}`,
              icon: 'eye',
              run: () => setAs(one),
            }))}
          >
            <Icon name="caret-down" />
          </Menu>
        </span>
      ) : (
        button
      )}
      {as && <ViewDialog members={members} member={as} dossierId={dossier.id} onClose={() => setAs(undefined)} />}
    </>
  )
}
