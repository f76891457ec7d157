import { t } from '@lingui/core/macro'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import { getClientOptions, listDossiersOptions } from '#/api/generated/@tanstack/react-query.gen'
import type { Client, Contact } from '#/api/generated/types.gen'
import { useCan, useMe } from '#/api/me'
import { Button, IconButton } from '#/components/Button'
import { Icon } from '#/components/Icon'
import { Avatar } from '#/components/People'
import { Ring } from '#/components/Progress'
import { Failed, Loading, SkeletonRows } from '#/components/States'
import { useTitle } from '#/lib/hooks'
import { fullName } from '#/lib/text'
import { clientKindWord, phaseWord } from '#/lib/words'
import { ContactDialog } from './ContactDialog'
import { ClientDialog } from './ClientDialog'
import { ResetDialog } from './ResetDialog'

export function ClientPage({
  clientId,
  renderMembers,
}: {
  clientId: string
  renderMembers: (client: Client, dossiers: { id: string; name: string; reference: string }[]) => ReactNode
}) {
  const me = useMe()
  const mayWrite = useCan('client:write')
  const query = useQuery(getClientOptions({ path: { clientId } }))
  const dossiers = useQuery(listDossiersOptions({ query: { clientId, limit: 50 } }))
  const [editing, setEditing] = useState<Contact | 'new' | 'client' | 'reset'>()
  useTitle(query.data?.name ?? '')
  if (query.isPending || query.isError) {
    return (
      <main className="main" id="inhoud">
        <h1 className="sr">{t`Klant`}</h1>
        {query.isPending ? <Loading /> : <Failed error={query.error} retry={() => void query.refetch()} />}
      </main>
    )
  }
  const client = query.data
  const mine = client.isTest && (!client.testOfId || client.testOfId === me.id)
  return (
    <main className="main" id="inhoud">
      <header className="dhead bottom">
        <nav className="crumb" aria-label={t`Kruimelpad`}>
          <Link to="/clients" activeOptions={{ exact: true }}>{t`Klanten`}</Link>
          <Icon name="caret-right" />
          <span>{client.name}</span>
        </nav>
        <div className="row">
          <div>
            <div className="name">
              <h1>{client.name}</h1>
              {client.isTest && <span className="tag tag-wait">{t`Testklant`}</span>}
            </div>
            <p className="sub">{client.isTest ? t`Om het portaal mee uit te proberen. Telt nergens mee.` : clientKindWord(client.kind)}</p>
          </div>
          {mayWrite && (
            <div className="acts">
              {mine && (
                <Button icon="arrow-counter-clockwise" onClick={() => setEditing('reset')}>
                  {t`Terug naar het begin`}
                </Button>
              )}
              <Button icon="pencil-simple" onClick={() => setEditing('client')}>
                {t`Wijzig`}
              </Button>
            </div>
          )}
        </div>
      </header>
      <div className="scroll">
        <div className="cols">
          <div className="c-main">
            <section aria-labelledby="client-dossiers">
              <div className="sec-h">
                <h2 id="client-dossiers">{t`Dossiers`}</h2>
              </div>
              {dossiers.isPending ? (
                <SkeletonRows rows={2} />
              ) : dossiers.isError ? (
                <Failed error={dossiers.error} retry={() => void dossiers.refetch()} />
              ) : dossiers.data.items.length === 0 ? (
                <p className="small muted">{t`Nog geen dossiers.`}</p>
              ) : (
                <div className="rows">
                  {dossiers.data.items.map((dossier) => (
                    <Link key={dossier.id} className="rrow" to="/dossiers/$dossierId" params={{ dossierId: dossier.id }}>
                      <Ring percent={dossier.progress.percent} size={22} />
                      <div className="fill">
                        <b>{dossier.name}</b> <span className="mono faint">{dossier.reference}</span>
                        <p>{[...dossier.products, phaseWord(dossier.phase), `${dossier.progress.percent}%`].join(', ')}</p>
                      </div>
                      <Icon name="caret-right" />
                    </Link>
                  ))}
                </div>
              )}
            </section>
            <section aria-labelledby="contacts">
              <div className="sec-h">
                <h2 id="contacts">{t`Contactpersonen`}</h2>
                {mayWrite && (
                  <div className="end">
                    <Button variant="quiet" small icon="plus" onClick={() => setEditing('new')}>
                      {t`Contactpersoon`}
                    </Button>
                  </div>
                )}
              </div>
              <div className="rows">
                {client.contacts.map((contact) => (
                  <div key={contact.id} className="rrow">
                    <Avatar name={fullName(contact)} />
                    <div className="fill">
                      <b>{fullName(contact)}</b>
                      <p>{[contact.email || t`geen e-mailadres`, contact.mobile].filter(Boolean).join(', ')}</p>
                    </div>
                    {mayWrite && (
                      <IconButton icon="pencil-simple" label={t`Wijzig ${fullName(contact)}`} small onClick={() => setEditing(contact)} />
                    )}
                  </div>
                ))}
              </div>
            </section>
          </div>
          <aside className="c-side" aria-label={t`Klantportaal`}>
            {renderMembers(client, dossiers.data?.items ?? [])}
          </aside>
        </div>
      </div>
      {editing === 'client' && <ClientDialog client={client} onClose={() => setEditing(undefined)} />}
      {editing === 'reset' && <ResetDialog client={client} onClose={() => setEditing(undefined)} />}
      {editing && editing !== 'client' && editing !== 'reset' && (
        <ContactDialog clientId={client.id} contact={editing === 'new' ? undefined : editing} onClose={() => setEditing(undefined)} />
      )}
    </main>
  )
}
