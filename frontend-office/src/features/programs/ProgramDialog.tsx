import { parseDate } from '@internationalized/date'
import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { createApiClientMutation, getApiClientOptions, updateApiClientMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { ApiClient, ApiClientSecret } from '#/api/generated/types.gen'
import { ifMatch } from '#/api/http'
import { ApiProblem, isStale } from '#/api/problem'
import { Button } from '#/components/Button'
import { Check } from '#/components/Check'
import { Dialog } from '#/components/Dialog'
import { TextArea, TextField } from '#/components/Field'
import { Conflict, Merged, Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'
import { localDay } from '#/lib/dates'
import { useDraft } from '#/lib/draft'
import { kinds, kindWords, scopesOf, scopeWord, type Kind } from './words'

const lines = (text: string): string[] =>
  text
    .split(/[\s,]+/)
    .map((line) => line.trim())
    .filter(Boolean)

// The last day is included, on Dutch time.
// oxlint-disable-next-line lingui/no-unlocalized-strings
const endOf = (day: string) => parseDate(day).add({ days: 1 }).toDate('Europe/Amsterdam').toISOString()
const lastDay = (end: string) => localDay(new Date(Date.parse(end) - 1))

/** A program that is let in, or what changes about one. */
export function ProgramDialog({
  program,
  onMade,
  onClose,
}: {
  program: ApiClient | undefined
  onMade: (made: ApiClientSecret) => void
  onClose: () => void
}) {
  const id = useId()
  const queryClient = useQueryClient()
  const form = useDraft(program, (from) => ({
    name: from?.name ?? '',
    kind: from?.kind ?? ('key' as Kind),
    scopes: from?.scopes ?? [],
    networks: from?.networks.join('\n') ?? '',
    redirectUris: from?.redirectUris.join('\n') ?? '',
    confidential: from?.confidential ?? true,
    until: from?.expiresAt ? lastDay(from.expiresAt) : '',
  }))
  const { draft } = form
  const [checked, setChecked] = useState(false)
  const done = () => void queryClient.invalidateQueries()
  const create = useMutation({
    ...createApiClientMutation(),
    onSuccess: (made: ApiClientSecret) => {
      done()
      onMade(made)
    },
  })
  const update = useMutation({
    ...updateApiClientMutation(),
    onSuccess: () => {
      toast(t`Opgeslagen`)
      done()
      onClose()
    },
  })
  const problem: unknown = create.error ?? update.error
  const fields = problem instanceof ApiProblem ? problem.fields : {}
  const set = (change: Partial<typeof draft>) => {
    form.set(change)
    create.reset()
    update.reset()
  }
  const missing = {
    name: checked && !draft.name.trim() ? t`Vul de naam in` : undefined,
    scopes: checked && draft.scopes.length === 0 ? t`Kies minstens één recht` : undefined,
    redirects: checked && draft.kind === 'app' && lines(draft.redirectUris).length === 0 ? t`Vul minstens één adres in` : undefined,
  }
  const scopesMistake = fields['/scopes'] ?? missing.scopes

  function submit() {
    setChecked(true)
    const redirectUris = draft.kind === 'app' ? lines(draft.redirectUris) : []
    if (!draft.name.trim() || draft.scopes.length === 0 || (draft.kind === 'app' && redirectUris.length === 0)) return
    const body = { name: draft.name.trim(), scopes: draft.scopes, networks: lines(draft.networks), redirectUris }
    if (program) {
      update.mutate({
        path: { apiClientId: program.id },
        headers: ifMatch(form.version),
        body: { ...body, expiresAt: draft.until ? endOf(draft.until) : null },
      })
    } else {
      create.mutate({
        body: {
          ...body,
          kind: draft.kind,
          confidential: draft.kind !== 'app' || draft.confidential,
          ...(draft.until ? { expiresAt: endOf(draft.until) } : {}),
        },
      })
    }
  }

  return (
    <Dialog title={program ? t`Koppeling wijzigen` : t`Nieuwe koppeling`} isOpen onClose={onClose} wide>
      <div className="dialog-body">
        {isStale(problem) && (
          <Conflict
            error={problem}
            onReload={async () => {
              if (!program) return
              form.load(await queryClient.fetchQuery({ ...getApiClientOptions({ path: { apiClientId: program.id } }), staleTime: 0 }))
              update.reset()
            }}
          />
        )}
        <Merged
          clashes={form.clashes}
          onYield={form.yield}
          names={{
            name: t`Naam`,
            scopes: t`Rechten`,
            networks: t`IP-adressen`,
            redirectUris: t`Adressen waar de app de klant terug krijgt`,
            until: t`Geldig tot en met`,
          }}
        />
        <TextField
          label={t`Naam`}
          maxLength={80}
          placeholder={t`Bijvoorbeeld: ons CRM`}
          value={draft.name}
          error={fields['/name'] ?? missing.name}
          onChange={(event) => set({ name: event.target.value })}
        />
        {!program && (
          <fieldset className="stack-s">
            <legend className="label">{t`Hoe komt het programma binnen?`}</legend>
            <div className="checks">
              {kinds.map((kind) => (
                <Check
                  key={kind}
                  group={`${id}-kind`}
                  id={`${id}-${kind}`}
                  name={kindWords(kind)[0]}
                  hint={kindWords(kind)[1]}
                  checked={draft.kind === kind}
                  onChange={() => set({ kind, scopes: draft.scopes.filter((scope) => scopesOf(kind).includes(scope)) })}
                />
              ))}
            </div>
          </fieldset>
        )}
        <fieldset className="stack-s" aria-describedby={scopesMistake ? `${id}-scopes` : undefined}>
          <legend className="label">{draft.kind === 'app' ? t`Mag namens de klant` : t`Mag`}</legend>
          <div className="scopes">
            {scopesOf(draft.kind).map((scope) => (
              <label className="check" key={scope}>
                <input
                  type="checkbox"
                  checked={draft.scopes.includes(scope)}
                  onChange={(event) =>
                    set({
                      scopes: scopesOf(draft.kind).filter((one) => (one === scope ? event.target.checked : draft.scopes.includes(one))),
                    })
                  }
                />
                <span>
                  {scopeWord(scope)}
                  <small className="faint mono">{scope}</small>
                </span>
              </label>
            ))}
          </div>
          {scopesMistake && (
            <p className="error" id={`${id}-scopes`}>
              {scopesMistake}
            </p>
          )}
        </fieldset>
        {draft.kind === 'app' && (
          <>
            <TextArea
              label={t`Adressen waar de app de klant terug krijgt`}
              rows={2}
              maxLength={3000}
              hint={t`Een per regel, precies zoals de app ze stuurt.`}
              placeholder="https://"
              value={draft.redirectUris}
              error={fields['/redirectUris'] ?? missing.redirects}
              onChange={(event) => set({ redirectUris: event.target.value })}
            />
            {!program && (
              <label className="check">
                <input type="checkbox" checked={draft.confidential} onChange={(event) => set({ confidential: event.target.checked })} />
                <span>{t`De app draait op een server en kan een geheim bewaren`}</span>
              </label>
            )}
          </>
        )}
        <div className="pair">
          <TextArea
            label={t`IP-adressen`}
            optional
            rows={2}
            maxLength={2600}
            hint={t`Een adres of netwerk per regel. Leeg: van overal.`}
            value={draft.networks}
            error={fields['/networks']}
            onChange={(event) => set({ networks: event.target.value })}
          />
          <TextField
            label={t`Geldig tot en met`}
            optional
            type="date"
            hint={t`Leeg: tot je de koppeling intrekt.`}
            value={draft.until}
            error={fields['/expiresAt']}
            onChange={(event) => set({ until: event.target.value })}
          />
        </div>
        {!isStale(problem) && Object.keys(fields).length === 0 && <Mistake error={problem} />}
      </div>
      <footer>
        <Button variant="quiet" onClick={onClose}>{t`Annuleer`}</Button>
        <Button variant="primary" busy={create.isPending || update.isPending} onClick={submit}>
          {program ? t`Opslaan` : t`Maak de koppeling`}
        </Button>
      </footer>
    </Dialog>
  )
}
