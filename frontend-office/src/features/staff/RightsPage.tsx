import { t } from '@lingui/core/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { getRoleRightsOptions, updateRoleRightsMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { RoleRights } from '#/api/generated/types.gen'
import { ifMatch } from '#/api/http'
import { useCan } from '#/api/me'
import { isStale } from '#/api/problem'
import { Button } from '#/components/Button'
import { Conflict, Failed, Mistake, SkeletonRows } from '#/components/States'
import { toast } from '#/components/Toasts'
import { useTitle } from '#/lib/hooks'
import { roleWord, type Role } from '#/lib/words'
import { rightWord } from './rights'

/** What each role may do. Others read it; an administrator changes it, for the next request of everybody. */
export function RightsPage() {
  useTitle(t`Rechten`)
  const query = useQuery(getRoleRightsOptions())
  return (
    <main className="main" id="inhoud">
      <header className="bar-top">
        <h1>{t`Rechten`}</h1>
      </header>
      <div className="tab-page">
        {query.isPending ? (
          <SkeletonRows rows={10} />
        ) : query.isError ? (
          <Failed error={query.error} retry={() => void query.refetch()} />
        ) : (
          <RightsForm key={query.data.version} rights={query.data} />
        )}
      </div>
    </main>
  )
}

type Held = Record<Role, string[]>
const heldOf = (rights: RoleRights) => Object.fromEntries(rights.roles.map((one) => [one.role, one.permissions])) as Held

const sameRights = (a: string[], b: string[]) => a.length === b.length && a.every((right) => b.includes(right))

function RightsForm({ rights }: { rights: RoleRights }) {
  const queryClient = useQueryClient()
  const mayWrite = useCan('employee:write')
  const [held, setHeld] = useState<Held>(() => heldOf(rights))
  const save = useMutation({
    ...updateRoleRightsMutation(),
    onSuccess: () => {
      toast(t`Rechten opgeslagen`)
      void queryClient.invalidateQueries()
    },
  })
  const changed = rights.roles.filter((one) => !sameRights(held[one.role], one.permissions))
  const differs = rights.roles.some((one) => !sameRights(held[one.role], one.standard))
  const toggle = (role: Role, right: string) => {
    save.reset()
    setHeld((now) => ({ ...now, [role]: now[role].includes(right) ? now[role].filter((one) => one !== right) : [...now[role], right] }))
  }
  return (
    <>
      <p className="small muted rights-note">{t`Een wijziging geldt vanaf de volgende klik van iedereen met die rol. Een beheerder houdt altijd wat nodig is om iets te herstellen.`}</p>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="scroll" tabIndex={0} role="region" aria-label={t`Rechten per rol`}>
        <table className="grid rights">
          <thead>
            <tr>
              <th scope="col">{t`Recht`}</th>
              {rights.roles.map((one) => (
                <th key={one.role} scope="col">
                  {roleWord(one.role)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rights.catalogue.map((right) => (
              <tr key={right}>
                <th scope="row">{rightWord(right)}</th>
                {rights.roles.map((one) => (
                  <td key={one.role} data-label={roleWord(one.role)}>
                    <label className="check">
                      <input
                        type="checkbox"
                        aria-label={`${rightWord(right)}, ${roleWord(one.role)}`}
                        checked={held[one.role].includes(right)}
                        disabled={!mayWrite || one.kept.includes(right)}
                        onChange={() => toggle(one.role, right)}
                      />
                    </label>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {mayWrite && (
        <div className="stack-s rights-end">
          {isStale(save.error) ? (
            <Conflict error={save.error} onReload={() => queryClient.invalidateQueries()} />
          ) : (
            <Mistake error={save.error} />
          )}
          <div className="row-s">
            <Button
              variant="primary"
              disabled={changed.length === 0}
              busy={save.isPending}
              onClick={() =>
                save.mutate({
                  headers: ifMatch(rights.version),
                  body: { roles: changed.map((one) => ({ role: one.role, permissions: held[one.role] })) },
                })
              }
            >
              {t`Opslaan`}
            </Button>
            <Button variant="quiet" disabled={changed.length === 0} onClick={() => setHeld(heldOf(rights))}>
              {t`Annuleer`}
            </Button>
            <Button
              variant="quiet"
              icon="arrow-counter-clockwise"
              disabled={!differs}
              onClick={() => setHeld(Object.fromEntries(rights.roles.map((one) => [one.role, one.standard])) as Held)}
            >
              {t`Zoals bij levering`}
            </Button>
          </div>
        </div>
      )}
    </>
  )
}
