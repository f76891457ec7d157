import { t } from '@lingui/core/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useRef, useState, type SyntheticEvent } from 'react'
import { createDossierMutation, listEmployeesOptions } from '#/api/generated/@tanstack/react-query.gen'
import type { Client } from '#/api/generated/types.gen'
import { useCan, useMe } from '#/api/me'
import { Button, IconButton } from '#/components/Button'
import { ErrorSummary } from '#/components/ErrorSummary'
import { SelectField, TextField } from '#/components/Field'
import { Icon } from '#/components/Icon'
import { Empty, Mistake } from '#/components/States'
import { LeaveGuard } from '#/components/LeaveGuard'
import { toast } from '#/components/Toasts'
import { useTitle } from '#/lib/hooks'
import { fullName } from '#/lib/text'
import { clientKindWord, optionsOf, phases, phaseWord, productKinds, productWord, type Phase, type ProductKind } from '#/lib/words'
import { ClientPicker } from '#/components/ClientPicker'
import { bodyOf, clientNameOf, emptyPerson, usernameOf, type Draft } from './draft'
import { FirstPoints } from './FirstPoints'
import { fieldId, missingIn, refusedIn, stillMissing } from './mistakes'
import { PersonFields } from './PersonFields'

/** Client, applicants with their logins, products and first requests: one form, one request, all or nothing. */
export function NewDossierPage({ onCreated }: { onCreated: (dossierId: string) => void }) {
  useTitle(t`Nieuw dossier`)
  const me = useMe()
  const mayWrite = useCan('dossier:write')
  const queryClient = useQueryClient()
  const employees = (useQuery(listEmployeesOptions()).data?.items ?? []).filter((employee) => !employee.blocked)
  const [isNew, setIsNew] = useState(true)
  const [draft, setDraft] = useState<Draft>({
    client: undefined,
    clientName: '',
    clientKind: 'household',
    name: '',
    subject: '',
    phase: 'intake',
    dueOn: '',
    adviserId: me.id,
    caseHandlerId: '',
    people: [emptyPerson(1)],
    products: [{ key: 1, kind: 'mortgage', name: productWord('mortgage') }],
    picked: [],
  })
  const [opened] = useState(draft)
  const saved = useRef(false)
  const [attempt, setAttempt] = useState(0)
  const [missing, setMissing] = useState<Record<string, string>>({})
  const create = useMutation({
    ...createDossierMutation(),
    onSuccess: (dossier) => {
      saved.current = true
      toast(t`Dossier ${dossier.name} gemaakt`)
      void queryClient.invalidateQueries()
      onCreated(dossier.id)
    },
    onError: () => setAttempt((count) => count + 1),
  })
  const mistakes = { ...refusedIn(create.error), ...stillMissing(missing, missingIn(draft, isNew)) }
  const problems = Object.entries(mistakes).map(([pointer, message]) => ({ field: fieldId(pointer), message }))
  function set(change: Partial<Draft>) {
    setDraft({ ...draft, ...change })
    if (create.isError) create.reset()
  }
  const nextKey = (list: { key: number }[]) => Math.max(0, ...list.map((one) => one.key)) + 1

  function pick(client: Client) {
    set({
      client: { id: client.id, name: client.name },
      people:
        client.contacts.length > 0
          ? client.contacts.map((contact, index) => ({ ...emptyPerson(index + 1), ...contact, key: index + 1, contactId: contact.id }))
          : [emptyPerson(1)],
    })
  }

  function submit(event: SyntheticEvent) {
    event.preventDefault()
    const found = missingIn(draft, isNew)
    setMissing(found)
    if (Object.keys(found).length > 0) setAttempt(attempt + 1)
    else create.mutate({ body: bodyOf(draft) })
  }

  if (!mayWrite) {
    return (
      <main className="main" id="inhoud">
        <h1 className="sr">{t`Nieuw dossier`}</h1>
        <Empty icon="lock-simple" title={t`Dit mag je niet met jouw rol`}>
          <p>{t`Je kunt dossiers bekijken, maar geen nieuwe maken.`}</p>
          <Link to="/dossiers" className="btn btn-secondary">{t`Naar de dossiers`}</Link>
        </Empty>
      </main>
    )
  }
  const team = employees.map((employee) => ({ value: employee.id, label: fullName(employee) }))
  return (
    <main className="main form-main" id="inhoud">
      <header className="bar-top">
        <nav className="crumb" aria-label={t`Kruimelpad`}>
          <Link to="/dossiers" activeOptions={{ exact: true }}>{t`Dossiers`}</Link>
          <Icon name="caret-right" />
        </nav>
        <h1>{t`Nieuw dossier`}</h1>
      </header>
      <form className="scroll" noValidate onSubmit={submit} id="new-dossier">
        <div className="form-page">
          {problems.length > 0 && attempt > 0 && <ErrorSummary key={attempt} problems={problems} />}
          <div className="formgrid">
            <section>
              <div className="intro">
                <h2>{t`Klant`}</h2>
                <p>{t`Nieuw, of iemand die jullie al kennen.`}</p>
              </div>
              <div className="fields">
                <div className="segment start" role="group" aria-label={t`Klant`}>
                  <button
                    type="button"
                    aria-pressed={isNew}
                    onClick={() => {
                      setIsNew(true)
                      if (draft.client) set({ client: undefined, people: [emptyPerson(1)] })
                    }}
                  >
                    {t`Nieuwe klant`}
                  </button>
                  <button type="button" aria-pressed={!isNew} onClick={() => setIsNew(false)}>
                    {t`Bestaande klant`}
                  </button>
                </div>
                {!isNew &&
                  (draft.client ? (
                    <div className="rows">
                      <div className="rrow">
                        <div className="fill">
                          <b>{draft.client.name}</b>
                        </div>
                        <Button variant="quiet" small onClick={() => set({ client: undefined, people: [emptyPerson(1)] })}>
                          {t`Andere klant`}
                        </Button>
                      </div>
                    </div>
                  ) : (
                    <div id="client-name" tabIndex={-1}>
                      <ClientPicker onPick={pick} />
                      {mistakes['/client/name'] && (
                        <p className="error">
                          <Icon name="warning-circle-fill" />
                          {mistakes['/client/name']}
                        </p>
                      )}
                    </div>
                  ))}
                {isNew && (
                  <div className="pair">
                    <TextField
                      id="client-name"
                      label={t`Naam van de klant`}
                      optional
                      maxLength={200}
                      value={draft.clientName}
                      placeholder={clientNameOf(draft)}
                      error={mistakes['/client/name']}
                      hint={t`Leeg: de achternamen van de aanvragers.`}
                      onChange={(event) => set({ clientName: event.target.value })}
                    />
                    <SelectField
                      label={t`Soort`}
                      value={draft.clientKind}
                      options={optionsOf(['household', 'person', 'company'] as const, clientKindWord)}
                      onChange={(event) => set({ clientKind: event.target.value as Draft['clientKind'] })}
                    />
                  </div>
                )}
              </div>
            </section>
            <section>
              <div className="intro">
                <h2>{t`Aanvragers`}</h2>
                <p>{t`Ieder krijgt een eigen gebruikersnaam. De uitnodiging verstuur je daarna zelf.`}</p>
              </div>
              <div className="fields">
                {draft.people.map((person, index) => (
                  <PersonFields
                    key={person.key}
                    index={index}
                    person={person}
                    username={usernameOf(draft.people, index)}
                    mistakes={mistakes}
                    onChange={(change) => set({ people: draft.people.map((one, at) => (at === index ? { ...one, ...change } : one)) })}
                    onRemove={draft.people.length > 1 ? () => set({ people: draft.people.filter((_, at) => at !== index) }) : undefined}
                  />
                ))}
                {draft.people.length < 10 && (
                  <div>
                    <Button icon="user-plus" onClick={() => set({ people: [...draft.people, emptyPerson(nextKey(draft.people))] })}>
                      {t`Aanvrager toevoegen`}
                    </Button>
                  </div>
                )}
              </div>
            </section>
            <section>
              <div className="intro">
                <h2>{t`Producten`}</h2>
                <p>{t`Elk product wordt een tabblad in het portaal.`}</p>
              </div>
              <div className="fields">
                {draft.products.map((product, index) => (
                  <div key={product.key} className="product-line">
                    <SelectField
                      label={t`Product`}
                      value={product.kind}
                      options={optionsOf(productKinds, productWord)}
                      onChange={(event) => {
                        const kind = event.target.value as ProductKind
                        const name = product.name === productWord(product.kind) ? productWord(kind) : product.name
                        set({
                          products: draft.products.map((one, at) => (at === index ? { ...one, kind, name } : one)),
                          picked: draft.picked.filter((one) => one.productKey !== product.key),
                        })
                      }}
                    />
                    <TextField
                      id={`products-${index}-name`}
                      label={t`Naam in het portaal`}
                      maxLength={80}
                      value={product.name}
                      error={mistakes[`/products/${index}/name`]}
                      onChange={(event) =>
                        set({ products: draft.products.map((one, at) => (at === index ? { ...one, name: event.target.value } : one)) })
                      }
                    />
                    {draft.products.length > 1 && (
                      <IconButton
                        icon="trash"
                        label={t`Verwijder ${product.name}`}
                        onClick={() => set({ products: draft.products.filter((_, at) => at !== index) })}
                      />
                    )}
                  </div>
                ))}
                <div>
                  <Button
                    icon="plus"
                    onClick={() =>
                      set({
                        products: [
                          ...draft.products,
                          { key: nextKey(draft.products), kind: 'home_insurance', name: productWord('home_insurance') },
                        ],
                      })
                    }
                  >
                    {t`Product toevoegen`}
                  </Button>
                </div>
              </div>
            </section>
            <section>
              <div className="intro">
                <h2>{t`Eerste actiepunten`}</h2>
                <p>{t`Mag leeg blijven; later vragen kan ook.`}</p>
              </div>
              <div className="fields">
                {draft.products.map((product) => (
                  <FirstPoints
                    key={`${product.key}${product.kind}`}
                    product={product}
                    picked={draft.picked}
                    onChange={(picked) => set({ picked })}
                  />
                ))}
              </div>
            </section>
            <section>
              <div className="intro">
                <h2>{t`Dossier`}</h2>
                <p>{t`Wie het doet en hoe het heet.`}</p>
              </div>
              <div className="fields">
                <div className="pair">
                  <SelectField
                    id="adviserId"
                    label={t`Adviseur`}
                    value={draft.adviserId}
                    options={team}
                    error={mistakes['/adviserId']}
                    onChange={(event) => set({ adviserId: event.target.value })}
                  />
                  <SelectField
                    id="caseHandlerId"
                    label={t`Dossierbehandelaar`}
                    optional
                    value={draft.caseHandlerId}
                    options={[{ value: '', label: t`Geen` }, ...team]}
                    error={mistakes['/caseHandlerId']}
                    onChange={(event) => set({ caseHandlerId: event.target.value })}
                  />
                </div>
                <div className="pair">
                  <TextField
                    id="name"
                    label={t`Naam van het dossier`}
                    optional
                    maxLength={200}
                    placeholder={draft.client?.name ?? clientNameOf(draft)}
                    value={draft.name}
                    error={mistakes['/name']}
                    onChange={(event) => set({ name: event.target.value })}
                  />
                  <TextField
                    id="subject"
                    label={t`Onderwerp`}
                    optional
                    maxLength={200}
                    placeholder={t`de hypotheek voor de Kersenlaan`}
                    value={draft.subject}
                    error={mistakes['/subject']}
                    onChange={(event) => set({ subject: event.target.value })}
                  />
                </div>
                <div className="pair">
                  <SelectField
                    label={t`Fase`}
                    value={draft.phase}
                    options={optionsOf(phases, phaseWord)}
                    onChange={(event) => set({ phase: event.target.value as Phase })}
                  />
                  <TextField
                    id="dueOn"
                    label={t`Deadline`}
                    type="date"
                    optional
                    value={draft.dueOn}
                    error={mistakes['/dueOn']}
                    onChange={(event) => set({ dueOn: event.target.value })}
                  />
                </div>
              </div>
            </section>
          </div>
        </div>
      </form>
      <div className="savebar">
        {problems.length === 0 && <Mistake error={create.error} />}
        <div className="end">
          <Link to="/dossiers" className="btn btn-quiet">
            {t`Annuleer`}
          </Link>
          <Button type="submit" form="new-dossier" variant="primary" busy={create.isPending}>
            {t`Dossier maken`}
          </Button>
        </div>
      </div>
      <LeaveGuard dirty={() => draft !== opened && !saved.current} />
    </main>
  )
}
