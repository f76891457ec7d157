import { i18n, type Messages } from '@lingui/core'
import { messages as nl } from '../locales/nl.po?door?lingui'

export type Locale = 'nl' | 'en'

/** What was chosen under Instellingen, or else what the device speaks. */
export function getLocale(): Locale {
  const chosen = localStorage.getItem('locale')
  if (chosen === 'nl' || chosen === 'en') return chosen
  return /^en\b/i.test(navigator.language) ? 'en' : 'nl'
}

type Catalogue = () => Promise<{ messages: Messages }>

/** What can be said before the login. Dutch with "je" is in the first load; "u" and English come when they are needed. */
const atTheDoor: Record<string, Catalogue> = {
  nl: () => Promise.resolve({ messages: nl }),
  'nl-formal': () => import('../locales/nl-formal.po?door?lingui'),
  en: () => import('../locales/en.po?door?lingui'),
}

const around: Record<string, Catalogue> = {
  nl: () => import('../locales/nl.po?around?lingui'),
  'nl-formal': () => import('../locales/nl-formal.po?around?lingui'),
  en: () => import('../locales/en.po?around?lingui'),
}

const inside: Record<string, Catalogue> = {
  nl: () => import('../locales/nl.po?inside?lingui'),
  'nl-formal': () => import('../locales/nl-formal.po?inside?lingui'),
  en: () => import('../locales/en.po?inside?lingui'),
}

export async function loadMessages(formal: boolean) {
  const locale = getLocale()
  const name = locale === 'nl' && formal ? 'nl-formal' : locale
  const door = await atTheDoor[name]?.()
  i18n.loadAndActivate({ locale: name, messages: { ...(locale === 'nl' ? nl : {}), ...(door?.messages ?? nl) } })
  document.documentElement.lang = locale
}

async function load(part: Record<string, Catalogue>) {
  const texts = await part[i18n.locale]?.()
  if (texts) i18n.load(i18n.locale, texts.messages)
}

const settings: Record<string, Catalogue> = {
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
