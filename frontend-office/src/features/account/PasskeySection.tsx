import { t } from '@lingui/core/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import {
  listMyPasskeysOptions,
  listMyPasskeysQueryKey,
  removePasskeyMutation,
  renamePasskeyMutation,
} from '#/api/generated/@tanstack/react-query.gen'
import type { Passkey } from '#/api/generated/types.gen'
import { ifMatch } from '#/api/http'
import { isStale } from '#/api/problem'
import { Button } from '#/components/Button'
import { Dialog } from '#/components/Dialog'
import { TextField } from '#/components/Field'
import { Icon } from '#/components/Icon'
import { PasskeyAct } from '#/components/PasskeyAct'
import { passkeyMistake } from '#/components/passkeyWords'
import { Failed, mistakeText, SkeletonRows } from '#/components/States'
import { toast } from '#/components/Toasts'
import { longDay, moment } from '#/lib/dates'
import { canUsePasskeys } from '#/lib/passkey'
import { Kept } from './Kept'

type Doing = { passkey: Passkey; to: 'name' | 'remove' }

/** The passkeys of this login: added, named and taken away (C8, F7). */
export function PasskeySection() {
  const queryClient = useQueryClient()
  const list = useQuery(listMyPasskeysOptions())
  const [doing, setDoing] = useState<Doing>()
  const [codes, setCodes] = useState<string[]>()
  const able = canUsePasskeys()
  const close = () => setDoing(undefined)
  return (
    <section aria-labelledby="passkeys">
      <div className="sec-h">
        <h2 id="passkeys">{t`Passkeys`}</h2>
      </div>
      {list.isPending ? (
        <SkeletonRows rows={1} />
      ) : list.isError ? (
        <Failed error={list.error} retry={() => void list.refetch()} />
      ) : (
        <div className="rows">
          {list.data.items.map((one) => (
            <div className="rrow" key={one.id}>
              <div className="fill">
                <b>{one.name}</b>
                {one.suspectAt ? (
                  <p className="late">
                    {t`Werkt niet meer: er is misschien een kopie van gemaakt. Verwijder deze passkey en voeg een nieuwe toe.`}
                  </p>
                ) : (
                  <p>
                    {t`Toegevoegd ${longDay(one.createdAt)}.`}{' '}
                    {one.lastUsedAt ? t`Gebruikt ${moment(one.lastUsedAt)}.` : t`Nog niet gebruikt.`}
                  </p>
                )}
              </div>
              <Button small onClick={() => setDoing({ passkey: one, to: 'name' })}>
                {t`Hernoem`}
                <span className="sr"> {one.name}</span>
              </Button>
              <Button small onClick={() => setDoing({ passkey: one, to: 'remove' })}>
                {t`Verwijder`}
                <span className="sr"> {one.name}</span>
              </Button>
            </div>
          ))}
          <div className="rrow">
            <div className="fill">
              <b>{t`Passkey toevoegen`}</b>
              <p>
                {able
                  ? t`Log in met je vinger, je gezicht of de pincode van je apparaat. Maak er een op elk apparaat waarop je inlogt.`
                  : t`Deze browser kent geen passkeys. Met een nieuwere browser, of op je telefoon, kun je er een maken.`}
              </p>
            </div>
            {able && (
              <div className="stack-s">
                <PasskeyAct
                  small
                  to="add"
                  label={t`Voeg toe`}
                  onDone={(added) => {
                    void queryClient.invalidateQueries()
                    if (added.recoveryCodes) setCodes(added.recoveryCodes)
                    else setDoing({ passkey: added.passkey, to: 'name' })
                  }}
                />
              </div>
            )}
          </div>
        </div>
      )}
      {doing?.to === 'name' && <Naming passkey={doing.passkey} onClose={close} />}
      {doing?.to === 'remove' && <Removing passkey={doing.passkey} onClose={close} />}
      {codes && (
        <Dialog title={t`Bewaar je herstelcodes`} isOpen onClose={() => setCodes(undefined)} alert>
          <Kept codes={codes} onClose={() => setCodes(undefined)} />
        </Dialog>
      )}
    </section>
  )
}

function Naming({ passkey, onClose }: { passkey: Passkey; onClose: () => void }) {
  const queryClient = useQueryClient()
  const [name, setName] = useState(passkey.name)
  const [empty, setEmpty] = useState(false)
  const save = useMutation({
    ...renamePasskeyMutation(),
    onSuccess: () => {
      toast(t`Opgeslagen`)
      onClose()
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: listMyPasskeysQueryKey() }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const given = name.trim()
    setEmpty(!given)
    if (!given || save.isPending) return
    if (given === passkey.name) onClose()
    else save.mutate({ path: { passkeyId: passkey.id }, body: { name: given }, headers: ifMatch(passkey.version) })
  }
  return (
    <Dialog title={t`Naam van de passkey`} isOpen onClose={onClose}>
      <form noValidate onSubmit={submit}>
        <div className="dialog-body">
          <TextField
            label={t`Naam waaraan je hem herkent`}
            autoComplete="off"
            maxLength={60}
            // The dialog exists for this field only.
            // oxlint-disable-next-line jsx-a11y/no-autofocus
            autoFocus
            value={name}
            error={
              empty
                ? t`Vul een naam in`
                : save.error
                  ? isStale(save.error)
                    ? t`De naam is intussen ergens anders gewijzigd. Sluit dit venster en kijk eerst.`
                    : mistakeText(save.error)
                  : undefined
            }
            onChange={(event) => {
              setName(event.target.value)
              setEmpty(false)
              save.reset()
            }}
          />
        </div>
        <footer>
          <Button variant="quiet" onClick={onClose}>{t`Annuleer`}</Button>
          <Button type="submit" variant="primary" busy={save.isPending}>
            {t`Opslaan`}
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}

function Removing({ passkey, onClose }: { passkey: Passkey; onClose: () => void }) {
  const queryClient = useQueryClient()
  const remove = useMutation({
    ...removePasskeyMutation(),
    onSuccess: () => {
      toast(t`De passkey is verwijderd`)
      void queryClient.invalidateQueries()
      onClose()
    },
  })
  return (
    <Dialog title={t`Passkey verwijderen`} isOpen onClose={onClose} alert>
      <div className="dialog-body">
        <p>
          {t`“${passkey.name}” verwijderen? Inloggen met deze passkey kan dan niet meer, en op andere apparaten word je uitgelogd. Haal hem daarna ook weg uit de wachtwoorden van je apparaat.`}
        </p>
        {remove.error && (
          <p className="error" role="alert">
            <Icon name="warning-circle-fill" />
            {passkeyMistake(remove.error)}
          </p>
        )}
      </div>
      <footer>
        <Button variant="quiet" onClick={onClose}>{t`Annuleer`}</Button>
        <Button variant="danger" busy={remove.isPending} onClick={() => remove.mutate({ path: { passkeyId: passkey.id } })}>
          {t`Verwijder`}
        </Button>
      </footer>
    </Dialog>
  )
}
