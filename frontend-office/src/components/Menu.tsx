import type { ReactNode } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { Menu as AriaMenu, MenuItem, MenuTrigger } from 'react-aria-components/Menu'
import { Popover } from 'react-aria-components/Popover'
import { Icon } from './Icon'
import type { IconName } from './icons'

export type MenuEntry = { id: string; label: string; icon?: IconName; chosen?: boolean; danger?: boolean; run: () => void }

/** A button with a list of verbs or choices under it. */
export function Menu({
  label,
  named,
  className = 'btn btn-quiet btn-icon btn-sm',
  entries,
  open,
  onOpen,
  children,
}: {
  label: string
  /** The children already say what it is; the label then names only the list. */
  named?: boolean
  className?: string
  entries: MenuEntry[]
  /** Only where something else than the button can open it, such as a key. */
  open?: boolean
  onOpen?: (open: boolean) => void
  children: ReactNode
}) {
  return (
    <MenuTrigger {...(open === undefined ? {} : { isOpen: open })} {...(onOpen ? { onOpenChange: onOpen } : {})}>
      <AriaButton className={className} {...(named ? {} : { 'aria-label': label })}>
        {children}
      </AriaButton>
      <Popover className="menu-pop">
        <AriaMenu className="menu" aria-label={label} onAction={(key) => entries.find((entry) => entry.id === key)?.run()}>
          {entries.map((entry) => (
            <MenuItem key={entry.id} id={entry.id} className={entry.danger ? 'menu-item danger' : 'menu-item'} textValue={entry.label}>
              {entry.icon && <Icon name={entry.icon} />}
              <span>{entry.label}</span>
              {entry.chosen && <Icon name="check" />}
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  )
}
