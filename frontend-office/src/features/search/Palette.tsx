import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate, useRouterState } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import { Autocomplete } from 'react-aria-components/Autocomplete'
import { Dialog } from 'react-aria-components/Dialog'
import { Header, ListBox, ListBoxItem, ListBoxSection } from 'react-aria-components/ListBox'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { Input, SearchField } from 'react-aria-components/SearchField'
import { getDossierOptions, listClientsOptions, listDossiersOptions } from '#/api/generated/@tanstack/react-query.gen'
import { useCan } from '#/api/me'
import { Icon } from '#/components/Icon'
import type { IconName } from '#/components/icons'
import { useDebounced } from '#/lib/hooks'
import { fullName } from '#/lib/text'
import { closeKey } from '#/lib/keys'
import { marks } from '#/lib/marks'

type Hit = { id: string; icon: IconName; text: string; note?: string; keys?: string; run: () => void }

/** Search and verbs behind Ctrl K: dossiers first, then clients, then what can be done from here. `>` shows verbs only. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('')
  const onlyVerbs = text.startsWith('>')
  const words = (onlyVerbs ? text.slice(1) : text).trim()
  const q = useDebounced(words, 150)
  const searching = q !== '' && !onlyVerbs
  const dossiers = useQuery({ ...listDossiersOptions({ query: { q, limit: 6 } }), enabled: searching, placeholderData: keepPreviousData })
  const clients = useQuery({ ...listClientsOptions({ query: { q, limit: 5 } }), enabled: searching, placeholderData: keepPreviousData })
  const verbs = useVerbs().filter((verb) => words.split(/\s+/).every((word) => verb.text.toLowerCase().includes(word.toLowerCase())))
  const go = useNavigate()
  const groups: { id: string; title: string; hits: Hit[] }[] = []
  // They come together: what arrived later would push down the result that Enter is about to open.
  const arrived = !dossiers.isPending && !clients.isPending
  if (searching && arrived) {
    groups.push({
      id: 'dossiers',
      title: t`Dossiers`,
      hits: (dossiers.data?.items ?? []).map((one) => ({
        id: one.id,
        icon: 'folder-simple-user' as const,
        text: one.name,
        note: [one.reference, one.status === 'closed' ? t`afgesloten` : one.products.join(', ')].filter(Boolean).join(', '),
        run: () => void go({ to: '/dossiers/$dossierId', params: { dossierId: one.id } }),
      })),
    })
    groups.push({
      id: 'clients',
      title: t`Klanten`,
      hits: (clients.data?.items ?? []).map((one) => ({
        id: `client-${one.id}`,
        icon: 'address-book' as const,
        text: one.name,
        note: one.contacts.map(fullName).join(', '),
        run: () => void go({ to: '/clients/$clientId', params: { clientId: one.id } }),
      })),
    })
  }
  groups.push({ id: 'verbs', title: t`Doe dit`, hits: verbs })
  const shown = groups.filter((group) => group.hits.length > 0)
  const all = shown.flatMap((group) => group.hits)
  const busy = words !== q || dossiers.isFetching || clients.isFetching

  return (
    <ModalOverlay className="modal-veil is-high" isOpen isDismissable onOpenChange={(open) => !open && onClose()}>
      <Modal className="cmd">
        <Dialog className="dialog" aria-label={t`Zoek of doe iets`}>
          <Autocomplete inputValue={text} onInputChange={setText}>
            {/* A palette is opened to type in. */}
            {/* oxlint-disable-next-line jsx-a11y/no-autofocus */}
            <SearchField aria-label={t`Zoek of doe iets`} className="q" autoFocus>
              <Icon name="magnifying-glass" />
              <Input placeholder={t`Naam, nummer of e-mailadres`} />
              <kbd aria-hidden="true">{closeKey}</kbd>
            </SearchField>
            <ListBox
              className="found"
              aria-label={t`Resultaten`}
              selectionMode="none"
              onAction={(key) => {
                const hit = all.find((one) => one.id === key)
                if (!hit) return
                onClose()
                hit.run()
              }}
              renderEmptyState={() => (
                <p className="nothing" role="status">
                  {busy ? t`Zoeken…` : t`Niets gevonden voor “${words}”.`}
                </p>
              )}
            >
              {shown.map((group) => (
                <ListBoxSection key={group.id} id={group.id}>
                  <Header className="found-h">{group.title}</Header>
                  {group.hits.map((hit) => (
                    <ListBoxItem key={hit.id} id={hit.id} className="hit" textValue={hit.text}>
                      <Icon name={hit.icon} />
                      <span className="nowrap">
                        <Marked text={hit.text} query={words} />
                      </span>
                      {hit.note && <small>{hit.note}</small>}
                      {hit.keys && <kbd aria-hidden="true">{hit.keys}</kbd>}
                    </ListBoxItem>
                  ))}
                </ListBoxSection>
              ))}
            </ListBox>
          </Autocomplete>
          <footer aria-hidden="true">
            <span>
              <kbd>↑</kbd>
              <kbd>↓</kbd>
              {t`kies`}
            </span>
            <span>
              <kbd>↵</kbd>
              {t`open`}
            </span>
            <span className="end">
              <Trans>
                Typ <kbd>&gt;</kbd> voor alleen opdrachten
              </Trans>
            </span>
          </footer>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

function Marked({ text, query }: { text: string; query: string }): ReactNode {
  return marks(text, query).map((piece, index) => (piece.hit ? <mark key={index}>{piece.text}</mark> : piece.text))
}

/** What can be done from where one is. */
function useVerbs(): Hit[] {
  const go = useNavigate()
  const mayMake = useCan('dossier:write')
  const maySetUp = useCan('organisation:read')
  const dossierId = useRouterState({ select: (state) => /^\/dossiers\/([0-9a-f-]{36})$/.exec(state.location.pathname)?.[1] })
  const dossier = useQuery({ ...getDossierOptions({ path: { dossierId: dossierId ?? '' } }), enabled: dossierId !== undefined }).data
  const verbs: Hit[] = []
  if (dossier && dossierId) {
    const open = (tab: 'points' | 'documents' | 'portal' | 'timeline') => () =>
      void go({ to: '/dossiers/$dossierId', params: { dossierId }, search: { tab } })
    verbs.push(
      { id: 'points', icon: 'list-checks', text: t`Actiepunten van ${dossier.name}`, run: open('points') },
      { id: 'documents', icon: 'file-text', text: t`Documenten van ${dossier.name}`, run: open('documents') },
      { id: 'portal', icon: 'key', text: t`Portaal van ${dossier.name}`, run: open('portal') },
      { id: 'timeline', icon: 'clock', text: t`Tijdlijn van ${dossier.name}`, run: open('timeline') },
    )
  }
  if (mayMake) verbs.push({ id: 'new', icon: 'plus', text: t`Nieuw dossier`, keys: 'N', run: () => void go({ to: '/dossiers/new' }) })
  verbs.push(
    { id: 'review', icon: 'tray', text: t`Te beoordelen`, run: () => void go({ to: '/review' }) },
    { id: 'board', icon: 'kanban', text: t`Bord van alle actiepunten`, run: () => void go({ to: '/review', search: { view: 'board' } }) },
    { id: 'all-dossiers', icon: 'folder-simple-user', text: t`Alle dossiers`, run: () => void go({ to: '/dossiers' }) },
    { id: 'all-clients', icon: 'address-book', text: t`Alle klanten`, run: () => void go({ to: '/clients' }) },
  )
  if (maySetUp)
    verbs.push({ id: 'branding', icon: 'door-open', text: t`Portaal inrichten`, run: () => void go({ to: '/settings/portal' }) })
  return verbs
}
