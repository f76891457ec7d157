import { t } from '@lingui/core/macro'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Autocomplete } from 'react-aria-components/Autocomplete'
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import { Input, Label, SearchField } from 'react-aria-components/SearchField'
import { listClientsOptions } from '#/api/generated/@tanstack/react-query.gen'
import type { Client } from '#/api/generated/types.gen'
import { useDebounced } from '#/lib/hooks'
import { fullName } from '#/lib/text'

/**
 * Find a client the office already has, by name or by a contact's e-mail address. The list stands in the page rather than
 * floating over it: arrows walk through it while the focus stays in the field, and nothing has to be hidden meanwhile.
 */
export function ClientPicker({ onPick }: { onPick: (client: Client) => void }) {
  const [text, setText] = useState('')
  const q = useDebounced(text.trim())
  const found = useQuery({ ...listClientsOptions({ query: { ...(q ? { q } : {}), limit: 6 } }), placeholderData: keepPreviousData })
  const items = found.data?.items ?? []
  return (
    <Autocomplete inputValue={text} onInputChange={setText}>
      <SearchField className="combo">
        <Label>{t`Bestaande klant`}</Label>
        <Input className="input" placeholder={t`Naam of e-mailadres`} />
      </SearchField>
      <div className="rows">
        <ListBox
          className="menu"
          aria-label={t`Klanten`}
          items={items}
          onAction={(key) => {
            const client = items.find((one) => one.id === key)
            if (client) onPick(client)
          }}
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
      </div>
    </Autocomplete>
  )
}
