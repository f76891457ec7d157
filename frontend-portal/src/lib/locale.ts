import { i18n } from '@lingui/core'
import { messages as nl } from '../locales/nl.po'

export type Locale = 'nl' | 'en'

/** What was chosen under Instellingen, or else what the device speaks. */
export function getLocale(): Locale {
  const chosen = localStorage.getItem('locale')
  if (chosen === 'nl' || chosen === 'en') return chosen
  return /^en\b/i.test(navigator.language) ? 'en' : 'nl'
}

/** Dutch with "je" is in the first load; "u" and English come when they are needed. */
export async function loadMessages(formal: boolean) {
  const locale = getLocale()
  const name = locale === 'nl' && formal ? 'nl-formal' : locale
  const messages =
    name === 'en' ? (await import('../locales/en.po')).messages : name === 'nl' ? nl : (await import('../locales/nl-formal.po')).messages
  i18n.loadAndActivate({ locale: name, messages })
  document.documentElement.lang = locale
}

export function setLocale(locale: Locale) {
  localStorage.setItem('locale', locale)
  location.reload()
}
