import { t } from '@lingui/core/macro'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { listEmployeesInfiniteOptions } from '#/api/generated/@tanstack/react-query.gen'
import type { Employee } from '#/api/generated/types.gen'
import { useCan, useMe } from '#/api/me'
import { Button } from '#/components/Button'
import { Icon } from '#/components/Icon'
import { Menu } from '#/components/Menu'
import { Avatar } from '#/components/People'
import { Empty, Failed, SkeletonRows } from '#/components/States'
import { moment } from '#/lib/dates'
import { useTitle } from '#/lib/hooks'
import { fullName } from '#/lib/text'
import { roleWord } from '#/lib/words'
import { EmployeeDialog } from './EmployeeDialog'
import { EmployeeQuestion, type Question } from './EmployeeQuestion'
import { SessionsDialog } from './SessionsDialog'
import { entriesFor, linkLine, stateWord } from './words'

/** Who works here, and how far everybody's login has come. Only an administrator changes anything. */
export function EmployeesPage({
  archived,
  onArchived,
  children,
}: {
  archived: boolean
  onArchived: (archived: boolean) => void
  children?: ReactNode
}) {
  useTitle(t`Medewerkers`)
  const mayWrite = useCan('employee:write')
  const me = useMe()
  const [open, setOpen] = useState<{ employee?: Employee }>()
  const [looking, setLooking] = useState<Employee>()
  const [question, setQuestion] = useState<{ ask: Question; employee: Employee }>()
  const list = useInfiniteQuery({
    ...listEmployeesInfiniteOptions({ query: { archived, limit: 100 } }),
    initialPageParam: {},
    getNextPageParam: (page) => page.nextCursor ?? null,
  })
  const employees = list.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <main className="main" id="inhoud">
      <header className="bar-top">
        <h1>{t`Medewerkers`}</h1>
        {mayWrite && (
          <div className="end">
            <Button variant="primary" icon="user-plus" onClick={() => setOpen({})}>
              {t`Medewerker uitnodigen`}
            </Button>
          </div>
        )}
      </header>
      <div className="tab-page">
        {children}
        {mayWrite && (
          <div className="filters">
            <div className="segment" role="group" aria-label={t`Welke medewerkers`}>
              <button type="button" aria-pressed={!archived} onClick={() => onArchived(false)}>{t`Werken hier`}</button>
              <button type="button" aria-pressed={archived} onClick={() => onArchived(true)}>{t`Vertrokken`}</button>
            </div>
          </div>
        )}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <div className="scroll" tabIndex={0} role="region" aria-label={t`Medewerkers`}>
          {list.isPending ? (
            <SkeletonRows rows={6} />
          ) : list.isError ? (
            <Failed error={list.error} retry={() => void list.refetch()} />
          ) : employees.length === 0 ? (
            <Empty icon="address-book" title={archived ? t`Niemand is vertrokken` : t`Nog geen medewerkers`} />
          ) : (
            <>
              <table className="grid">
                <thead>
                  <tr>
                    <th scope="col">{t`Naam`}</th>
                    <th scope="col">{t`Functie`}</th>
                    <th scope="col">{t`Rol`}</th>
                    <th scope="col">{t`Status`}</th>
                    {mayWrite && <th scope="col">{t`Laatst ingelogd`}</th>}
                    {mayWrite && !archived && (
                      <th scope="col">
                        <span className="sr">{t`Acties`}</span>
                      </th>
                    )}
                  </tr>
                </thead>
                <tbody>
                  {employees.map((employee) => (
                    <tr key={employee.id}>
                      <td className="lead">
                        <span className="lead-cell">
                          <Avatar name={fullName(employee)} />
                          <span>
                            {mayWrite && !archived ? (
                              <button type="button" className="linkish" onClick={() => setOpen({ employee })}>
                                {fullName(employee)}
                              </button>
                            ) : (
                              fullName(employee)
                            )}
                            <small className="faint">{employee.email}</small>
                          </span>
                        </span>
                      </td>
                      <td className="muted" data-label={t`Functie`}>
                        {employee.jobTitle || '–'}
                      </td>
                      <td className="muted" data-label={t`Rol`}>
                        {roleWord(employee.role)}
                      </td>
                      <td className={employee.state === 'blocked' ? 'late' : 'muted'} data-label={t`Status`}>
                        {stateWord(employee.state)}
                        {employee.state === 'invited' && employee.invitation && (
                          <small className="faint">{linkLine(employee.invitation)}</small>
                        )}
                      </td>
                      {mayWrite && (
                        <td className="faint" data-label={t`Laatst ingelogd`}>
                          {employee.lastLoginAt ? moment(employee.lastLoginAt) : t`Nog niet`}
                        </td>
                      )}
                      {mayWrite && !archived && (
                        <td className="num">
                          <Menu
                            label={t`Meer voor ${fullName(employee)}`}
                            entries={entriesFor(employee, employee.id === me.id, {
                              edit: () => setOpen({ employee }),
                              sessions: () => setLooking(employee),
                              ask: (ask) => setQuestion({ ask, employee }),
                            })}
                          >
                            <Icon name="dots-three" />
                          </Menu>
                        </td>
                      )}
                    </tr>
                  ))}
                </tbody>
              </table>
              {list.hasNextPage && (
                <div className="more">
                  <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t`Meer laden`}</Button>
                </div>
              )}
            </>
          )}
        </div>
      </div>
      {open && <EmployeeDialog employee={open.employee} onClose={() => setOpen(undefined)} />}
      {looking && <SessionsDialog employee={looking} self={looking.id === me.id} onClose={() => setLooking(undefined)} />}
      {question && <EmployeeQuestion {...question} onClose={() => setQuestion(undefined)} />}
    </main>
  )
}
