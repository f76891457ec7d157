import { t } from '@lingui/core/macro'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from 'react-aria-components/Button'
import { ComboBox, Input, Label, ListBox, ListBoxItem, Popover } from 'react-aria-components/ComboBox'
import { listClientsOptions } from '#/api/generated/@tanstack/react-query.gen'
import type { Client } from '#/api/generated/types.gen'
import { useDebounced } from '#/lib/hooks'
import { fullName } from '#/lib/text'

/** Find a client the office already has, by name or by a contact's e-mail address. */
export function ClientPicker({ onPick }: { onPick: (client: Client) => void }) {
  const [text, setText] = useState('')
  const q = useDebounced(text.trim())
  const found = useQuery({ ...listClientsOptions({ query: { ...(q ? { q } : {}), limit: 20 } }), placeholderData: (previous) => previous })
  const items = found.data?.items ?? []
  return (
    <ComboBox
      className="combo"
      inputValue={text}
      onInputChange={setText}
      items={items}
      allowsEmptyCollection
      menuTrigger="focus"
      onChange={(key) => {
        const client = items.find((one) => one.id === key)
        if (client) onPick(client)
      }}
    >
      <Label>{t`Bestaande klant`}</Label>
      <div className="input-wrap">
        <Input className="input" placeholder={t`Naam of e-mailadres`} />
        <Button className="btn btn-quiet btn-icon" aria-label={t`Toon klanten`}>
          <span aria-hidden="true">▾</span>
        </Button>
      </div>
      <Popover className="menu-pop combo-pop">
        <ListBox
          className="menu"
          renderEmptyState={() => <p className="queue-empty">{found.isPending ? t`Zoeken…` : t`Geen klant gevonden`}</p>}
        >
          {(client: Client) => (
            <ListBoxItem id={client.id} className="menu-item" textValue={client.name}>
              <span>
                {client.name}
                <small>{client.contacts.map(fullName).join(', ')}</small>
              </span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  )
}
