import { plural, t } from '@lingui/core/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { Dialog as AriaDialog, DialogTrigger } from 'react-aria-components/Dialog'
import { Popover } from 'react-aria-components/Popover'
import { listPortalMembersOptions, updateDocumentMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { Document } from '#/api/generated/types.gen'
import { ifMatch } from '#/api/http'
import { isStale } from '#/api/problem'
import { Button } from '#/components/Button'
import { Icon } from '#/components/Icon'
import { Conflict, Failed, Mistake, SkeletonRows } from '#/components/States'
import { fullName } from '#/lib/text'
import { readsDocuments } from '#/lib/rights'

/** Behind the key: who of the members may see a document that is in the portal (E8). Every tick holds at once. */
export function KeyButton({ document: listed, mayWrite }: { document: Document; mayWrite: boolean }) {
  const queryClient = useQueryClient()
  const [saved, setSaved] = useState<Document>()
  const document = saved && saved.version > listed.version ? saved : listed
  const save = useMutation({
    ...updateDocumentMutation(),
    onSuccess: (next) => {
      setSaved(next)
      void queryClient.invalidateQueries()
    },
  })
  // What was ticked shows at once; the box keeps its focus while that is saved.
  const chosen = save.isPending ? (save.variables.body.memberIds ?? undefined) : document.memberIds
  const choose = (memberIds: string[] | null) => {
    if (save.isPending) return
    save.mutate({ path: { documentId: document.id }, headers: ifMatch(document.version), body: { memberIds } })
  }
  if (!document.visible) return <span className="faint">{t`Alleen kantoor`}</span>
  const count = chosen?.length ?? 0
  const label = chosen ? plural(count, { 0: 'Niemand', one: '# lid', other: '# leden' }) : t`Iedereen`
  const title = document.title
  return (
    <DialogTrigger>
      <AriaButton className={chosen ? 'keybtn some' : 'keybtn all'} aria-label={t`Wie ziet ${title}: ${label}`}>
        <Icon name={chosen ? 'key-fill' : 'key'} />
        {label}
      </AriaButton>
      <Popover className="pop" placement="bottom end">
        <AriaDialog className="pop-dialog" aria-label={t`Wie mag dit zien in het portaal?`}>
          {({ close }) => (
            <>
              <header>
                <b>{t`Wie mag dit zien in het portaal?`}</b>
                <p>{title}</p>
              </header>
              <div className="opts" role="radiogroup" aria-label={t`Wie`}>
                <label className="check">
                  <input type="radio" name={`key-${document.id}`} checked={!chosen} disabled={!mayWrite} onChange={() => choose(null)} />
                  <span>{t`Iedereen die documenten mag zien`}</span>
                </label>
                <label className="check">
                  <input
                    type="radio"
                    name={`key-${document.id}`}
                    checked={Boolean(chosen)}
                    disabled={!mayWrite}
                    onChange={() => choose([])}
                  />
                  <span>{t`Alleen wie je kiest`}</span>
                </label>
              </div>
              {chosen && <Members document={document} chosen={chosen} disabled={!mayWrite} onChange={choose} />}
              {save.isError &&
                (isStale(save.error) ? (
                  <Conflict
                    error={save.error}
                    onReload={async () => {
                      await queryClient.invalidateQueries()
                      setSaved(undefined)
                      save.reset()
                    }}
                  />
                ) : (
                  <Mistake error={save.error} />
                ))}
              <footer>
                <span className="caption">{t`Geldt meteen, ook voor meldingen`}</span>
                <span className="end">
                  <Button variant="primary" small onClick={close}>
                    {t`Klaar`}
                  </Button>
                </span>
              </footer>
            </>
          )}
        </AriaDialog>
      </Popover>
    </DialogTrigger>
  )
}

function Members({
  document,
  chosen,
  disabled,
  onChange,
}: {
  document: Document
  chosen: string[]
  disabled: boolean
  onChange: (chosen: string[]) => void
}) {
  const members = useQuery(listPortalMembersOptions({ query: { dossierId: document.dossierId, limit: 200 } }))
  if (members.isPending) return <SkeletonRows rows={2} />
  if (members.isError) return <Failed error={members.error} retry={() => void members.refetch()} />
  return (
    <div className="opts opts-in">
      {members.data.items.map((member) => (
        <label key={member.id} className="check">
          <input
            type="checkbox"
            checked={chosen.includes(member.id)}
            disabled={disabled}
            onChange={(event) => onChange(event.target.checked ? [...chosen, member.id] : chosen.filter((id) => id !== member.id))}
          />
          <span>
            {fullName(member)}
            {!readsDocuments(member) && <span className="hint">{t`mag nog geen documenten zien`}</span>}
          </span>
        </label>
      ))}
      {members.data.items.length === 0 && <p className="hint">{t`Nog niemand heeft toegang tot dit dossier.`}</p>}
      {document.origin === 'customer' && <p className="hint">{t`Wie het zelf aanleverde, blijft het zien.`}</p>}
    </div>
  )
}
