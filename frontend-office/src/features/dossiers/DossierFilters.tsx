import { t } from '@lingui/core/macro'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { listEmployeesOptions } from '#/api/generated/@tanstack/react-query.gen'
import { Chip } from '#/components/Chip'
import { Icon } from '#/components/Icon'
import { Menu, type MenuEntry } from '#/components/Menu'
import { useDebounced, useHotkeys } from '#/lib/hooks'
import { fullName } from '#/lib/text'
import { phases, phaseWord } from '#/lib/words'
import type { DossierSearch } from './search'

/** The filters of the list: each chip is a sentence whose last word can be changed or removed. */
export function DossierFilters({ search, onSearch }: { search: DossierSearch; onSearch: (next: DossierSearch) => void }) {
  const employees = useQuery(listEmployeesOptions()).data?.items ?? []
  const [q, setQ] = useState(search.q ?? '')
  const settled = useDebounced(q.trim())
  const field = useRef<HTMLInputElement>(null)
  const latest = useRef({ search, onSearch })
  useEffect(() => {
    latest.current = { search, onSearch }
  })
  useEffect(() => {
    const { q: current = '', ...rest } = latest.current.search
    if (settled !== current) latest.current.onSearch(settled ? { ...rest, q: settled } : rest)
  }, [settled])
  useHotkeys({ f: () => document.getElementById('filter-menu')?.querySelector('button')?.click(), '/': () => field.current?.focus() })

  const { adviserId: _adviser, ...withoutAdviser } = search
  const { phase: _phase, ...withoutPhase } = search
  const { status: _status, ...withoutStatus } = search
  const adviserEntries: MenuEntry[] = employees
    .filter((employee) => !employee.blocked)
    .map((employee) => ({
      id: employee.id,
      label: fullName(employee),
      chosen: employee.id === search.adviserId,
      run: () => onSearch({ ...search, adviserId: employee.id }),
    }))
  const phaseEntries: MenuEntry[] = phases.map((phase) => ({
    id: phase,
    label: phaseWord(phase),
    chosen: phase === search.phase,
    run: () => onSearch({ ...search, phase }),
  }))
  const statusEntries: MenuEntry[] = [
    { id: 'open', label: t`Lopend`, chosen: search.status === 'open', run: () => onSearch({ ...search, status: 'open' }) },
    { id: 'closed', label: t`Afgesloten`, chosen: search.status === 'closed', run: () => onSearch({ ...search, status: 'closed' }) },
  ]
  const adviser = employees.find((employee) => employee.id === search.adviserId)
  const unset: MenuEntry[] = [
    ...(search.adviserId ? [] : adviserEntries.map((entry) => ({ ...entry, id: `a-${entry.id}`, label: t`Adviseur is ${entry.label}` }))),
    ...(search.phase ? [] : phaseEntries.map((entry) => ({ ...entry, id: `p-${entry.id}`, label: t`Fase is ${entry.label}` }))),
    ...(search.status ? [] : statusEntries.map((entry) => ({ ...entry, id: `s-${entry.id}`, label: t`Status is ${entry.label}` }))),
  ]

  return (
    <div className="filters" role="search">
      <div className="find">
        <Icon name="magnifying-glass" />
        <input
          ref={field}
          className="input"
          type="search"
          aria-label={t`Filter op naam, nummer of e-mailadres`}
          placeholder={t`Naam, nummer of e-mailadres`}
          value={q}
          maxLength={100}
          onChange={(event) => setQ(event.target.value)}
        />
      </div>
      {search.adviserId && (
        <Chip
          field={t`Adviseur`}
          value={adviser ? fullName(adviser) : '…'}
          entries={adviserEntries}
          onRemove={() => onSearch(withoutAdviser)}
        />
      )}
      {search.phase && (
        <Chip field={t`Fase`} value={phaseWord(search.phase)} entries={phaseEntries} onRemove={() => onSearch(withoutPhase)} />
      )}
      {search.status && (
        <Chip
          field={t`Status`}
          value={search.status === 'open' ? t`Lopend` : t`Afgesloten`}
          entries={statusEntries}
          onRemove={() => onSearch(withoutStatus)}
        />
      )}
      {unset.length > 0 && (
        <span id="filter-menu">
          <Menu label={t`Filter toevoegen`} named className="btn btn-quiet btn-sm" entries={unset}>
            <Icon name="funnel-simple" />
            {t`Filter`}
            <kbd aria-hidden="true">F</kbd>
          </Menu>
        </span>
      )}
    </div>
  )
}
