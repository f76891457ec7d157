import { i18n, type Messages } from '@lingui/core'
import { messages as nl } from '../locales/nl.po?door?lingui'
import { catalogue, getLocale, type Catalogue, type Locale } from './language'

export { getLocale, type Locale } from './language'

type Texts = Partial<Record<Catalogue, () => Promise<{ messages: Messages }>>>

/** What can be said before the login. Dutch with "je" is in the first load; "u" and English come when they are needed. */
const atTheDoor: Texts = {
  nl: () => Promise.resolve({ messages: nl }),
  'nl-formal': () => import('../locales/nl-formal.po?door?lingui'),
  en: () => import('../locales/en.po?door?lingui'),
}

const around: Texts = {
  nl: () => import('../locales/nl.po?around?lingui'),
  'nl-formal': () => import('../locales/nl-formal.po?around?lingui'),
  en: () => import('../locales/en.po?around?lingui'),
}

const inside: Texts = {
  nl: () => import('../locales/nl.po?inside?lingui'),
  'nl-formal': () => import('../locales/nl-formal.po?inside?lingui'),
  en: () => import('../locales/en.po?inside?lingui'),
}

export async function loadMessages(formal: boolean) {
  const name = catalogue(formal)
  const door = await atTheDoor[name]?.()
  i18n.loadAndActivate({ locale: name, messages: { ...(name === 'en' ? {} : nl), ...(door?.messages ?? nl) } })
  document.documentElement.lang = getLocale()
}

async function load(part: Texts) {
  const texts = await part[i18n.locale as Catalogue]?.()
  if (texts) i18n.load(i18n.locale, texts.messages)
}

const settings: Texts = {
  nl: () => import('../locales/nl.po?settings?lingui'),
  'nl-formal': () => import('../locales/nl-formal.po?settings?lingui'),
  en: () => import('../locales/en.po?settings?lingui'),
}

/** The texts of the screens beside the login: forgotten, activate, a code, help. Their routes wait for them. */
export const loadAround = () => load(around)

/** The texts of the screens behind the login, which the route that guards them waits for. */
export const loadInside = () => load(inside)

/** The texts of what is about the login itself, which few visits come to. */
export const loadSettings = () => load(settings)

export function setLocale(locale: Locale) {
  localStorage.setItem('locale', locale)
  location.reload()
}
