import { t } from '@lingui/core/macro'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { getClientOptions, getDossierOptions, listEmployeesOptions } from '#/api/generated/@tanstack/react-query.gen'
import { Chip } from '#/components/Chip'
import { ClientPicker } from '#/components/ClientPicker'
import { Dialog } from '#/components/Dialog'
import { Icon } from '#/components/Icon'
import { Menu, type MenuEntry } from '#/components/Menu'
import { fullName } from '#/lib/text'
import { actorKinds, type LogSearch } from './search'
import { actorKindWord, resources } from './words'

/** Who, what, about whom, and when. */
export function LogFilters({ search, onSearch }: { search: LogSearch; onSearch: (next: LogSearch) => void }) {
  const [picking, setPicking] = useState(false)
  const employees = useQuery(listEmployeesOptions()).data?.items ?? []
  const dossier = useQuery({
    ...getDossierOptions({ path: { dossierId: search.dossierId ?? '' } }),
    enabled: search.dossierId !== undefined,
  }).data
  const client = useQuery({
    ...getClientOptions({ path: { clientId: search.clientId ?? '' } }),
    enabled: search.clientId !== undefined,
  }).data
  const without = (...keys: (keyof LogSearch)[]) => {
    const rest = { ...search }
    for (const key of keys) delete rest[key]
    return rest
  }
  const anybody = without('actorId', 'actorKind')
  const who: MenuEntry[] = [
    ...employees.map((employee) => ({
      id: employee.id,
      label: fullName(employee),
      chosen: employee.id === search.actorId,
      run: () => onSearch({ ...anybody, actorId: employee.id }),
    })),
    ...actorKinds.map((kind) => ({
      id: kind,
      label: actorKindWord(kind),
      chosen: kind === search.actorKind,
      run: () => onSearch({ ...anybody, actorKind: kind }),
    })),
  ]
  const words = resources()
  const what: MenuEntry[] = Object.entries(words).map(([resource, label]) => ({
    id: resource,
    label,
    chosen: resource === search.resource,
    run: () => onSearch({ ...search, resource }),
  }))
  const actor = employees.find((employee) => employee.id === search.actorId)
  return (
    <div className="filters" role="search">
      {(search.actorId ?? search.actorKind) ? (
        <Chip
          field={t`Wie`}
          value={search.actorKind ? actorKindWord(search.actorKind) : actor ? fullName(actor) : '…'}
          entries={who}
          onRemove={() => onSearch(anybody)}
        />
      ) : (
        <Menu label={t`Wie deed het`} named className="btn btn-quiet btn-sm" entries={who}>
          {t`Wie`}
          <Icon name="caret-down" />
        </Menu>
      )}
      {search.resource ? (
        <Chip
          field={t`Wat`}
          value={words[search.resource] ?? search.resource}
          entries={what}
          onRemove={() => onSearch(without('resource'))}
        />
      ) : (
        <Menu label={t`Waar ging het over`} named className="btn btn-quiet btn-sm" entries={what}>
          {t`Wat`}
          <Icon name="caret-down" />
        </Menu>
      )}
      {search.dossierId && <Chip field={t`Dossier`} value={dossier?.name ?? '…'} onRemove={() => onSearch(without('dossierId'))} />}
      {search.clientId ? (
        <Chip field={t`Klant`} value={client?.name ?? '…'} onRemove={() => onSearch(without('clientId'))} />
      ) : (
        <button type="button" className="btn btn-quiet btn-sm" onClick={() => setPicking(true)}>
          {t`Klant`}
          <Icon name="caret-down" />
        </button>
      )}
      <span className="period">
        <label>
          <span>{t`Van`}</span>
          <input
            type="date"
            className="input"
            value={search.from ?? ''}
            max={search.until}
            onChange={(event) => onSearch(event.target.value ? { ...search, from: event.target.value } : without('from'))}
          />
        </label>
        <label>
          <span>{t`tot en met`}</span>
          <input
            type="date"
            className="input"
            value={search.until ?? ''}
            min={search.from}
            onChange={(event) => onSearch(event.target.value ? { ...search, until: event.target.value } : without('until'))}
          />
        </label>
      </span>
      <Dialog title={t`Van welke klant?`} isOpen={picking} onClose={() => setPicking(false)}>
        <div className="dialog-body">
          <ClientPicker
            onPick={(picked) => {
              setPicking(false)
              onSearch({ ...search, clientId: picked.id })
            }}
          />
        </div>
      </Dialog>
    </div>
  )
}
