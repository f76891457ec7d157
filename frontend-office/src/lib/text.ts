import { getLocale } from './locale'

export const fullName = (person: { firstName: string; lastName: string }) => `${person.firstName} ${person.lastName}`.trim()

/** Two letters for a door: the first of the first name, and of the last word of the last name ("de Wit" → W). */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean)
  const first = words[0]?.[0] ?? ''
  const last = words.length > 1 ? (words.at(-1)?.[0] ?? '') : ''
  return `${first}${last}`.toLocaleUpperCase()
}

/** "1,8 MB" */
export function fileSize(bytes: number): string {
  const number = (value: number, digits: number) =>
    new Intl.NumberFormat(getLocale() === 'en' ? 'en-GB' : 'nl-NL', { maximumFractionDigits: digits }).format(value)
  if (bytes < 1000) return `${number(bytes, 0)}\u00a0B`
  if (bytes < 1_000_000) return `${number(bytes / 1000, 0)}\u00a0kB`
  return `${number(bytes / 1_000_000, 1)}\u00a0MB`
}

/** The three letters on a file's corner, and the colour that goes with them. */
export function fileKind(mediaType: string, filename = ''): { label: string; tone: 'pdf' | 'img' | '' } {
  if (mediaType === 'application/pdf') return { label: 'PDF', tone: 'pdf' }
  if (mediaType === 'image/jpeg') return { label: 'JPG', tone: 'img' }
  if (mediaType.startsWith('image/')) return { label: mediaType.slice(6).toUpperCase().slice(0, 4), tone: 'img' }
  if (mediaType.includes('spreadsheet')) return { label: 'XLS', tone: '' }
  if (mediaType.includes('word')) return { label: 'DOC', tone: '' }
  return { label: (filename.split('.').at(-1) ?? '').toUpperCase().slice(0, 4), tone: '' }
}

/** "Eva", "Eva en Ruben", "Eva, Ruben en Ilse" */
export function listOf(names: string[]): string {
  return new Intl.ListFormat(getLocale() === 'en' ? 'en-GB' : 'nl-NL', { type: 'conjunction' }).format(names)
}
