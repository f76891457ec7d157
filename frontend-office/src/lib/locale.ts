import { i18n } from '@lingui/core'
import { messages as nl } from '../locales/nl.po'

export type Locale = 'nl' | 'en'

export function getLocale(): Locale {
  return localStorage.getItem('locale') === 'en' ? 'en' : 'nl'
}

export async function loadLocale(locale: Locale) {
  const messages = locale === 'en' ? (await import('../locales/en.po')).messages : nl
  i18n.loadAndActivate({ locale, messages })
  document.documentElement.lang = locale
}

export function setLocale(locale: Locale) {
  localStorage.setItem('locale', locale)
  location.reload()
}
