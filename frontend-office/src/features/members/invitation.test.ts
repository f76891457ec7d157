import { afterEach, describe, expect, it } from 'vitest'
import type { SentLink } from '#/api/generated/types.gen'
import { loadLocale } from '#/lib/locale'
import { invitationLine, linkAsker, linkState } from './invitation'

const at = (hour: number) => `2020-05-12T0${hour}:00:00Z`
const link = (more: Partial<SentLink>): SentLink => ({
  id: 'l1',
  purpose: 'activation',
  state: 'sent',
  recipient: 'eva@dewit.example',
  askedBy: 'employee',
  askerName: 'Sanne Brugman',
  createdAt: at(1),
  ...more,
})
const states = [
  ['queued', link({ state: 'queued' })],
  ['sent', link({ state: 'sent', sentAt: at(1) })],
  ['opened', link({ state: 'opened', sentAt: at(1), openedAt: at(2) })],
  ['used', link({ state: 'used', sentAt: at(1), openedAt: at(2), usedAt: at(3) })],
  ['expired', link({ state: 'expired', sentAt: at(1), expiresAt: at(4) })],
  ['replaced', link({ state: 'replaced', sentAt: at(1), expiresAt: at(4), replacedAt: at(5) })],
] as const

const speak = async (locale: 'nl' | 'en') => {
  localStorage.setItem('locale', locale)
  await loadLocale(locale)
}
afterEach(() => speak('nl'))

describe('a link in every state', () => {
  it.each([
    ['queued', /^Wordt verstuurd$/, /^Being sent$/],
    ['sent', /^Verstuurd di 12 mei 2020$/, /^Sent \S+ 12 May 2020$/],
    ['opened', /^Geopend di 12 mei 2020$/, /^Opened \S+ 12 May 2020$/],
    ['used', /^Gebruikt di 12 mei 2020$/, /^Used \S+ 12 May 2020$/],
    ['expired', /^Verlopen di 12 mei 2020$/, /^Expired \S+ 12 May 2020$/],
    ['replaced', /^Vervangen di 12 mei 2020$/, /^Replaced \S+ 12 May 2020$/],
  ] as const)('%s, in both languages', async (state, dutch, inEnglish) => {
    const one = states.find(([name]) => name === state)?.[1] ?? link({})
    expect(linkState(one)).toMatch(dutch)
    expect(invitationLine({ state: 'invited', invitation: one })).not.toBe('')
    await speak('en')
    expect(linkState(one)).toMatch(inEnglish)
  })

  it('says who had it sent', () => {
    expect(linkAsker(link({}))).toBe('verstuurd door Sanne Brugman')
    expect(linkAsker(link({ askedBy: 'api_client', askerName: 'Boekhouding' }))).toBe('verstuurd door koppeling Boekhouding')
    expect(linkAsker(link({ askedBy: 'customer', askerName: '' }))).toBe('zelf aangevraagd')
  })

  it('does not speak of a newer link on the card, where there is none', () => {
    expect(invitationLine({ state: 'active', invitation: { state: 'replaced' } })).toBe('Vervallen: er is al een wachtwoord gekozen')
  })
})
