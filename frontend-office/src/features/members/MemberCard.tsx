import { t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { getPortalMemberOptions, inviteMemberMutation, updatePortalMemberMutation } from '#/api/generated/@tanstack/react-query.gen'
import type { DossierApplicant, PortalMember } from '#/api/generated/types.gen'
import { ifMatch } from '#/api/http'
import { ApiProblem, isStale } from '#/api/problem'
import { useCan } from '#/api/me'
import { Button, IconButton } from '#/components/Button'
import { ConfirmDialog } from '#/components/Dialog'
import { Icon } from '#/components/Icon'
import { Menu, type MenuEntry } from '#/components/Menu'
import { Avatar } from '#/components/People'
import { Conflict, Mistake } from '#/components/States'
import { toast } from '#/components/Toasts'
import { UsernameField } from '#/components/UsernameField'
import { moment } from '#/lib/dates'
import { fullName, listOf } from '#/lib/text'
import { presetWord, rightWords } from '#/lib/rights'
import { memberWord } from '#/lib/words'
import { InformDialog } from './InformDialog'
import { JoinDialog } from './JoinDialog'
import { LinksDialog } from './LinksDialog'
import { mayEnter } from './entry'
import { invitationLine } from './invitation'
import { MemberDialog } from './MemberDialog'
import { SecondStep } from './SecondStep'
import { SplitDialog } from './SplitDialog'
import { ViewDialog } from './ViewDialog'

/** One person and the way in: username, invitation, last visit. */
export function MemberCard({
  person,
  member,
  dossierId,
  logins,
  onRemove,
}: {
  person: Pick<DossierApplicant, 'firstName' | 'lastName' | 'email'>
  member: PortalMember | undefined
  /** The dossier on screen, if it is one. */
  dossierId?: string | undefined
  /** All logins of the client, where they are known: two of one person can be joined. */
  logins?: PortalMember[] | undefined
  /** Only where the person can be taken off what is on screen. */
  onRemove?: (() => void) | undefined
}) {
  const queryClient = useQueryClient()
  const mayWrite = useCan('member:write')
  const mayLook = useCan('member:view_as') && member !== undefined && mayEnter(member)
  const [looking, setLooking] = useState(false)
  const [asking, setAsking] = useState<'invite' | 'block' | 'archive' | 'edit' | 'inform' | 'links' | 'split' | 'join'>()
  // Whom to tell about the name that stayed, after two logins became one.
  const [joined, setJoined] = useState<PortalMember>()
  const twins = (logins ?? []).filter((one) => member && mayEnter(one) && one.id !== member.id && one.contactId === member.contactId)
  const after = (say: string) => ({
    onSuccess: () => {
      toast(say)
      setAsking(undefined)
      void queryClient.invalidateQueries()
    },
  })
  const invite = useMutation({ ...inviteMemberMutation(), ...after(t`Uitnodiging verstuurd`) })
  const block = useMutation({
    ...updatePortalMemberMutation(),
    ...after(member?.state === 'blocked' ? t`Blokkade opgeheven` : t`Geblokkeerd`),
  })
  const archive = useMutation({
    ...updatePortalMemberMutation(),
    ...after(member?.state === 'archived' ? t`Teruggezet` : t`Gearchiveerd`),
  })
  const renew = async () => {
    await queryClient.invalidateQueries()
    block.reset()
    archive.reset()
  }
  const change = (body: { blocked: boolean } | { archived: boolean }) =>
    member && ('blocked' in body ? block : archive).mutate({ path: { memberId: member.id }, headers: ifMatch(member.version), body })
  const name = fullName(person)
  // Nobody is mailed who could not log in with the name.
  const renamed = (saved: PortalMember) => setAsking(saved.state === 'blocked' ? undefined : 'inform')
  const wrong = block.error ?? archive.error
  const entries: MenuEntry[] = []
  if (member && mayWrite && member.state === 'archived') {
    entries.push({ id: 'restore', label: t`Zet terug`, icon: 'arrow-counter-clockwise', run: () => change({ archived: false }) })
  } else if (member && mayWrite) {
    entries.push({ id: 'edit', label: t`Gegevens en rechten`, icon: 'key', run: () => setAsking('edit') })
    if (member.state === 'blocked') {
      entries.push({
        id: 'unblock',
        label: t`Blokkade opheffen`,
        icon: 'check',
        run: () => change({ blocked: false }),
      })
    } else {
      entries.push(
        { id: 'invite', label: t`Nodig opnieuw uit`, icon: 'paper-plane-tilt', run: () => setAsking('invite') },
        { id: 'inform', label: t`Mail de gebruikersnaam`, icon: 'envelope-simple', run: () => setAsking('inform') },
        ...(dossierId && member.dossierIds.length > 1
          ? [{ id: 'split', label: t`Geef dit dossier een eigen login`, icon: 'split-horizontal' as const, run: () => setAsking('split') }]
          : []),
        ...(twins.length > 0
          ? [{ id: 'join', label: t`Voeg samen met andere login`, icon: 'users-three' as const, run: () => setAsking('join') }]
          : []),
        { id: 'block', label: t`Blokkeer`, icon: 'prohibit', danger: true, run: () => setAsking('block') },
      )
    }
    entries.push({ id: 'archive', label: t`Archiveer`, icon: 'archive', danger: true, run: () => setAsking('archive') })
  }
  if (onRemove) entries.push({ id: 'remove', label: t`Haal van dossier`, icon: 'archive', danger: true, run: onRemove })
  return (
    <article className="member" aria-label={name}>
      <header>
        <Avatar name={name} />
        <div>
          <b>{name}</b>
          <p>{person.email || t`Geen eigen e-mailadres bekend`}</p>
        </div>
        {(mayLook || entries.length > 0) && (
          <span className="push member-acts">
            {mayLook && (
              <IconButton icon="eye" label={t`Portaal bekijken als ${person.firstName}`} small onClick={() => setLooking(true)} />
            )}
            {entries.length > 0 && (
              <Menu label={t`Meer voor ${name}`} entries={entries}>
                <Icon name="dots-three" />
              </Menu>
            )}
          </span>
        )}
      </header>
      {member ? (
        <dl className="kv">
          {member.function && (
            <>
              <dt>{t`Functie`}</dt>
              <dd>{member.function}</dd>
            </>
          )}
          <dt>{t`Gebruikersnaam`}</dt>
          <dd>
            <UsernameInPlace key={member.id} member={member} mayWrite={mayWrite && member.state !== 'archived'} onRenamed={renamed} />
          </dd>
          <dt>{t`Rechten`}</dt>
          <dd>{rightsLine(member)}</dd>
          <dt>{t`Status`}</dt>
          <dd className={member.state === 'active' ? 'ok' : member.state === 'blocked' ? 'late' : ''}>{memberWord(member.state)}</dd>
          <dt>{t`Uitnodiging`}</dt>
          <dd className={member.invitation?.state === 'expired' ? 'late' : ''}>
            <span className="row-s">
              {invitationLine(member)}
              {member.invitation && (
                <Button variant="quiet" small onClick={() => setAsking('links')}>
                  {t`Alle links`}
                  <span className="sr"> {t`van ${name}`}</span>
                </Button>
              )}
            </span>
          </dd>
          <dt>{t`Laatst ingelogd`}</dt>
          <dd>{member.lastLoginAt ? moment(member.lastLoginAt) : t`Nog niet`}</dd>
          <dt>{t`Tweede stap`}</dt>
          <dd className={member.secondFactor ? 'ok' : ''}>
            <SecondStep member={member} mayWrite={mayWrite} />
          </dd>
        </dl>
      ) : (
        <p className="small muted">{t`Heeft nog geen toegang tot het portaal.`}</p>
      )}
      {isStale(wrong) ? <Conflict error={wrong} onReload={renew} /> : <Mistake error={asking ? undefined : wrong} />}
      {member && looking && <ViewDialog members={[member]} member={member} dossierId={dossierId} onClose={() => setLooking(false)} />}
      {member && asking === 'edit' && <MemberDialog member={member} onClose={() => setAsking(undefined)} onRenamed={renamed} />}
      {member && asking === 'links' && <LinksDialog member={member} onClose={() => setAsking(undefined)} />}
      {member && dossierId && asking === 'split' && (
        <SplitDialog member={member} dossierId={dossierId} onClose={() => setAsking(undefined)} />
      )}
      {member && asking === 'join' && (
        <JoinDialog
          member={member}
          others={twins}
          onJoined={(into) => {
            setAsking(undefined)
            setJoined(into)
          }}
          onClose={() => setAsking(undefined)}
        />
      )}
      {joined && <InformDialog member={joined} onClose={() => setJoined(undefined)} />}
      {member && asking === 'inform' && <InformDialog member={member} onClose={() => setAsking(undefined)} />}
      {member && asking === 'archive' && (
        <ConfirmDialog
          title={t`${name} archiveren?`}
          isOpen
          onClose={() => setAsking(undefined)}
          confirm={t`Archiveer`}
          danger
          busy={archive.isPending}
          onConfirm={() => change({ archived: true })}
        >
          <p>{t`${person.firstName} wordt meteen uitgelogd en kan niet meer inloggen. Wat is aangeleverd blijft in het dossier. Je kunt dit weer terugzetten.`}</p>
          {isStale(archive.error) ? <Conflict error={archive.error} onReload={renew} /> : <Mistake error={archive.error} />}
        </ConfirmDialog>
      )}
      {member && asking === 'invite' && (
        <ConfirmDialog
          title={t`${name} opnieuw uitnodigen?`}
          isOpen
          onClose={() => setAsking(undefined)}
          confirm={t`Uitnodiging versturen`}
          busy={invite.isPending}
          onConfirm={() => invite.mutate({ path: { memberId: member.id } })}
        >
          <p>
            {person.email
              ? t`Er gaat een mail naar ${person.email} met een link die 48 uur werkt. Een eerdere link werkt dan niet meer.`
              : t`${person.firstName} heeft geen eigen e-mailadres: de link gaat mee naar de eerste aanvrager. Een eerdere link werkt dan niet meer.`}
          </p>
          <Mistake error={invite.error} />
        </ConfirmDialog>
      )}
      {member && asking === 'block' && (
        <ConfirmDialog
          title={t`${name} blokkeren?`}
          isOpen
          onClose={() => setAsking(undefined)}
          confirm={t`Blokkeer`}
          danger
          busy={block.isPending}
          onConfirm={() => change({ blocked: true })}
        >
          <p>{t`${person.firstName} wordt meteen uitgelogd en kan niet meer inloggen. Je kunt dit weer opheffen.`}</p>
          {isStale(block.error) ? <Conflict error={block.error} onReload={renew} /> : <Mistake error={block.error} />}
        </ConfirmDialog>
      )}
    </article>
  )
}

/** The preset, or what was ticked where that is nobody's. */
function rightsLine(member: PortalMember): string {
  if (member.preset !== 'custom') return presetWord(member.preset)
  const names = member.permissions.filter((one) => one !== 'portal.me').map((one) => rightWords(one)[0])
  return names.length > 0 ? t`Aangepast: ${listOf(names)}` : t`Aangepast: niets`
}

function UsernameInPlace({
  member,
  mayWrite,
  onRenamed,
}: {
  member: PortalMember
  mayWrite: boolean
  onRenamed: (saved: PortalMember) => void
}) {
  const queryClient = useQueryClient()
  const [editing, setEditing] = useState(false)
  const [value, setValue] = useState(member.username)
  const [version, setVersion] = useState(member.version)
  const save = useMutation({
    ...updatePortalMemberMutation(),
    onSuccess: async (saved) => {
      toast(t`Gebruikersnaam opgeslagen`)
      setEditing(false)
      await queryClient.invalidateQueries()
      if (saved.username !== member.username) onRenamed(saved)
    },
  })
  if (!editing) {
    return (
      <span className="username-line">
        <span className="mono">{member.username}</span>
        {mayWrite && (
          <button
            type="button"
            className="btn btn-quiet btn-icon btn-sm"
            aria-label={t`Wijzig gebruikersnaam van ${member.firstName}`}
            onClick={() => {
              setValue(member.username)
              setVersion(member.version)
              setEditing(true)
            }}
          >
            <Icon name="pencil-simple" />
          </button>
        )}
      </span>
    )
  }
  const problem: unknown = save.error
  return (
    <form
      className="stack-s"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate({ path: { memberId: member.id }, headers: ifMatch(version), body: { username: value.trim() } })
      }}
    >
      <UsernameField
        label={t`Nieuwe gebruikersnaam`}
        value={value}
        email={member.email}
        memberId={member.id}
        error={problem instanceof ApiProblem ? problem.fields['/username'] : undefined}
        hint={t`Vertel ${member.firstName} de nieuwe naam.`}
        onChange={(next) => {
          setValue(next)
          save.reset()
        }}
      />
      <div className="row-s">
        <Button type="submit" variant="primary" small busy={save.isPending}>
          {t`Opslaan`}
        </Button>
        <Button
          variant="quiet"
          small
          onClick={() => {
            setValue(member.username)
            setEditing(false)
          }}
        >
          {t`Annuleer`}
        </Button>
      </div>
      {isStale(problem) && (
        <Conflict
          error={problem}
          onReload={async () => {
            const newest = await queryClient.fetchQuery({ ...getPortalMemberOptions({ path: { memberId: member.id } }), staleTime: 0 })
            setVersion(newest.version)
            save.reset()
          }}
        />
      )}
    </form>
  )
}
