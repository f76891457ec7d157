import { defineConfig } from '@lingui/cli'

// nl-formal holds only what "u" changes; the rest falls back to nl.
export default defineConfig({
  sourceLocale: 'nl',
  locales: ['nl', 'nl-formal', 'en'],
  fallbackLocales: { 'nl-formal': 'nl' },
  catalogs: [{ path: '<rootDir>/src/locales/{locale}', include: ['src'] }],
})
