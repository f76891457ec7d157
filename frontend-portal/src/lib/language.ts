export type Locale = 'nl' | 'en'

/** What was chosen under Instellingen, or else what the device speaks. */
export function getLocale(): Locale {
  const chosen = localStorage.getItem('locale')
  if (chosen === 'nl' || chosen === 'en') return chosen
  return /^en\b/i.test(navigator.language) ? 'en' : 'nl'
}

/** The catalogue that is spoken from. Dutch has two: an office says "je" or "u". */
export type Catalogue = 'nl' | 'nl-formal' | 'en'

export function catalogue(formal: boolean): Catalogue {
  const locale = getLocale()
  return locale === 'nl' && formal ? 'nl-formal' : locale
}
