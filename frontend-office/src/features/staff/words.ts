import { t } from '@lingui/core/macro'
import type { Employee } from '#/api/generated/types.gen'
import type { MenuEntry } from '#/components/Menu'
import { moment } from '#/lib/dates'
import type { Question } from './EmployeeQuestion'

export function stateWord(state: Employee['state']): string {
  switch (state) {
    case 'new':
      return t`Nog niet uitgenodigd`
    case 'invited':
      return t`Uitgenodigd`
    case 'active':
      return t`Actief`
    case 'blocked':
      return t`Geblokkeerd`
    case 'archived':
      return t`Vertrokken`
  }
}

/** How far the newest link has come; never the link itself. */
export function linkLine(link: NonNullable<Employee['invitation']>): string {
  switch (link.state) {
    case 'queued':
      return t`Link wordt verstuurd`
    case 'sent':
      return link.sentAt ? t`Link verstuurd ${moment(link.sentAt)}` : t`Link verstuurd`
    case 'opened':
      return t`Link geopend`
    case 'used':
      return t`Wachtwoord gekozen, app nog niet gekoppeld`
    case 'expired':
      return t`Link verlopen na 48 uur`
    case 'replaced':
      return t`Link vervallen`
  }
}

/** What an administrator can do with a colleague, or with the own login. */
export function entriesFor(
  employee: Employee,
  self: boolean,
  act: { edit: () => void; sessions: () => void; ask: (question: Question) => void },
): MenuEntry[] {
  const entries: MenuEntry[] = [
    { id: 'edit', label: t`Wijzig`, icon: 'pencil-simple', run: act.edit },
    { id: 'sessions', label: t`Waar ingelogd`, icon: 'monitor', run: act.sessions },
  ]
  if (employee.state === 'blocked') {
    entries.push({ id: 'unblock', label: t`Blokkade opheffen`, icon: 'check', run: () => act.ask('unblock') })
  } else {
    entries.push({
      id: 'invite',
      label: employee.state === 'active' ? t`Stuur link voor nieuw wachtwoord` : t`Nodig opnieuw uit`,
      icon: 'paper-plane-tilt',
      run: () => act.ask('invite'),
    })
    if (employee.secondFactor && !self)
      entries.push({ id: 'reset', label: t`Laat opnieuw beginnen`, icon: 'arrow-counter-clockwise', run: () => act.ask('reset') })
    if (!self) entries.push({ id: 'block', label: t`Blokkeer`, icon: 'prohibit', danger: true, run: () => act.ask('block') })
  }
  if (!self) entries.push({ id: 'archive', label: t`Archiveer`, icon: 'archive', danger: true, run: () => act.ask('archive') })
  return entries
}
