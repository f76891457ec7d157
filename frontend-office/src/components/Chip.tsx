import { t } from '@lingui/core/macro'
import { Icon } from './Icon'
import { Menu, type MenuEntry } from './Menu'

/** A filter that is on: a sentence whose last word can be changed, where there is something to choose, or removed. */
export function Chip({ field, value, entries, onRemove }: { field: string; value: string; entries?: MenuEntry[]; onRemove: () => void }) {
  return (
    <span className="fchip">
      <span>{field}</span>
      {entries ? (
        <Menu label={t`${field} is ${value}, wijzig`} named className="" entries={entries}>
          {t`is ${value}`}
        </Menu>
      ) : (
        <span>{t`is ${value}`}</span>
      )}
      <button type="button" aria-label={t`Verwijder filter ${field}`} onClick={onRemove}>
        <Icon name="x" />
      </button>
    </span>
  )
}
