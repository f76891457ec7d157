import { t } from '@lingui/core/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { getMeQueryKey, getSecondFactorQueryKey, listMySessionsQueryKey } from '#/api/generated/@tanstack/react-query.gen'
import type { Passkey } from '#/api/generated/types.gen'
import { isStale } from '#/api/problem'
import { Button } from '#/components/Button'
import { TextField } from '#/components/Field'
import { Icon } from '#/components/Icon'
import { Mistake, mistakeText } from '#/components/States'
import { toast } from '#/components/Toasts'
import { longDay, moment } from '#/lib/dates'
import { canUsePasskeys } from '#/lib/passkey'

const key = ['passkeys']
const api = () => import('#/lazy/passkey')

/** The passkeys of this login: added, named and taken away (C8, F7). */
export function Passkeys() {
  const queryClient = useQueryClient()
  const [open, setOpen] = useState<{ id: string; to: 'name' | 'remove'; fresh?: boolean }>()
  const list = useQuery({ queryKey: key, queryFn: async () => (await api()).list() })
  const refresh = () => {
    for (const queryKey of [key, getMeQueryKey(), getSecondFactorQueryKey(), listMySessionsQueryKey()])
      void queryClient.invalidateQueries({ queryKey })
  }
  const add = useMutation({
    mutationFn: async () => (await api()).add(),
    onSuccess: async ({ id }) => {
      await queryClient.invalidateQueries({ queryKey: key })
      refresh()
      setOpen({ id, to: 'name', fresh: true })
    },
  })
  return (
    <>
      {list.data?.map((one) =>
        open?.id !== one.id ? (
          <Row key={one.id} passkey={one} onOpen={(to) => setOpen({ id: one.id, to })} />
        ) : open.to === 'name' ? (
          <Naming key={one.id} passkey={one} fresh={open.fresh ?? false} refresh={refresh} onDone={() => setOpen(undefined)} />
        ) : (
          <Removing key={one.id} passkey={one} refresh={refresh} onDone={() => setOpen(undefined)} />
        ),
      )}
      <div className="set-row" aria-busy={list.isPending}>
        <div>
          <h3>{t`Passkeys`}</h3>
          {!canUsePasskeys() ? (
            <p>{t`Deze browser kent geen passkeys. Met een nieuwere browser, of op je telefoon, kun je er een maken.`}</p>
          ) : list.data?.length === 0 ? (
            <p>{t`Log in met je vinger, je gezicht of de pincode van je apparaat, zonder iets te typen.`}</p>
          ) : (
            <p>{t`Maak er een op elk apparaat waarop je inlogt.`}</p>
          )}
          <Mistake error={list.error} />
          <Wrong error={add.error} />
        </div>
        {list.isError ? (
          <Button small onClick={() => void list.refetch()}>
            {t`Opnieuw proberen`}
          </Button>
        ) : (
          canUsePasskeys() && (
            <Button small busy={add.isPending} onClick={() => add.mutate()}>
              {t`Voeg toe`}
              <span className="sr"> {t`een passkey`}</span>
            </Button>
          )
        )}
      </div>
    </>
  )
}

function Row({ passkey, onOpen }: { passkey: Passkey; onOpen: (to: 'name' | 'remove') => void }) {
  const { name, createdAt, lastUsedAt, suspectAt } = passkey
  return (
    <div className="set-row">
      <div>
        <h3>{t`Passkey “${name}”`}</h3>
        {suspectAt ? (
          <p className="error">
            <Icon name="warning-circle-fill" />
            {t`Werkt niet meer: er is misschien een kopie van gemaakt. Verwijder deze passkey en voeg een nieuwe toe.`}
          </p>
        ) : (
          <p>
            {t`Toegevoegd ${longDay(createdAt)}.`} {lastUsedAt ? t`Gebruikt ${moment(lastUsedAt)}.` : t`Nog niet gebruikt.`}
          </p>
        )}
      </div>
      <div className="btn-row">
        <Button small onClick={() => onOpen('name')}>
          {t`Hernoem`}
          <span className="sr"> {name}</span>
        </Button>
        <button type="button" className="btn btn-quiet btn-icon" aria-label={t`Verwijder passkey ${name}`} onClick={() => onOpen('remove')}>
          <Icon name="trash" />
        </button>
      </div>
    </div>
  )
}

type Doing = { passkey: Passkey; refresh: () => void; onDone: () => void }

function Naming({ passkey, fresh, refresh, onDone }: Doing & { fresh: boolean }) {
  const [name, setName] = useState(passkey.name)
  const [empty, setEmpty] = useState(false)
  const save = useMutation({
    mutationFn: async () => (await api()).rename(passkey, name.trim()),
    onSuccess: () => {
      toast(t`Opgeslagen`)
      onDone()
    },
    onSettled: refresh,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setEmpty(!name.trim())
    if (!name.trim() || save.isPending) return
    if (name.trim() === passkey.name) onDone()
    else save.mutate()
  }
  return (
    <form className="panel stack-form" noValidate onSubmit={submit}>
      {fresh && <p role="status">{t`Gelukt: je passkey is toegevoegd. Geef hem een naam waaraan je hem herkent.`}</p>}
      <TextField
        id="passkey-name"
        label={t`Naam van de passkey`}
        autoComplete="off"
        maxLength={60}
        // The panel was opened to type this.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        value={name}
        error={
          empty
            ? t`Vul een naam in.`
            : save.error
              ? isStale(save.error)
                ? t`De naam is intussen ergens anders gewijzigd. Sla nog eens op als de jouwe klopt.`
                : mistakeText(save.error)
              : undefined
        }
        onChange={(event) => {
          setName(event.target.value)
          setEmpty(false)
        }}
      />
      <div className="btn-row">
        <Button type="submit" variant="primary" busy={save.isPending}>
          {t`Opslaan`}
        </Button>
        {!fresh && (
          <Button variant="quiet" onClick={onDone}>
            {t`Annuleren`}
          </Button>
        )}
      </div>
    </form>
  )
}

function Removing({ passkey, refresh, onDone }: Doing) {
  const remove = useMutation({
    mutationFn: async () => (await api()).remove(passkey),
    onSuccess: () => {
      toast(t`De passkey is verwijderd`)
      onDone()
    },
    onSettled: refresh,
  })
  return (
    <div className="panel stack-form" role="group" aria-label={t`Passkey verwijderen`}>
      <p>
        {t`“${passkey.name}” verwijderen? Inloggen met deze passkey kan dan niet meer, en op andere apparaten word je uitgelogd. Haal hem daarna ook weg uit de wachtwoorden van je apparaat.`}
      </p>
      <Wrong error={remove.error} />
      <div className="btn-row">
        <Button variant="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
          {t`Verwijder`}
        </Button>
        <Button variant="quiet" onClick={onDone}>
          {t`Annuleren`}
        </Button>
      </div>
    </div>
  )
}

/** The words about a passkey come with the code that is about them. */
function Wrong({ error }: { error: unknown }) {
  const words = useQuery({
    queryKey: ['passkey-words'],
    queryFn: async () => (await import('#/lazy/passkeyWords')).passkeyMistake,
    enabled: Boolean(error),
    staleTime: Infinity,
    structuralSharing: false,
  })
  const text = error && words.data ? words.data(error) : ''
  return text ? (
    <p className="error" role="alert">
      <Icon name="warning-circle-fill" />
      {text}
    </p>
  ) : null
}
