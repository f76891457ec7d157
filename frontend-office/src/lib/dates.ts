import { t } from '@lingui/core/macro'
import { getLocale } from './locale'

// The office works on Dutch time, also when the laptop does not.
const timeZone = 'Europe/Amsterdam'
const tag = () => (getLocale() === 'en' ? 'en-GB' : 'nl-NL')
const format = (date: Date, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(tag(), { timeZone, ...options }).format(date)

/** yyyy-mm-dd in Amsterdam; a plain date (dueOn) is already one. */
export function localDay(value: string | Date): string {
  if (typeof value === 'string' && value.length === 10) return value
  return new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(new Date(value))
}

/** Noon, so that a plain date stays the same day in every zone. */
const asDate = (value: string) => new Date(value.length === 10 ? `${value}T12:00:00Z` : value)

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${localDay(to)}T12:00:00Z`) - Date.parse(`${localDay(from)}T12:00:00Z`)) / 86_400_000)
}

const yearPart = (value: string, now: Date): Intl.DateTimeFormatOptions =>
  localDay(value).slice(0, 4) === localDay(now).slice(0, 4) ? {} : { year: 'numeric' }

/** "vr 22 mei", with the year when it is not this one. */
export function day(value: string, now = new Date()): string {
  return format(asDate(value), { weekday: 'short', day: 'numeric', month: 'short', ...yearPart(value, now) })
}

/** "vrijdag 22 mei" */
export function longDay(value: string, now = new Date()): string {
  return format(asDate(value), { weekday: 'long', day: 'numeric', month: 'long', ...yearPart(value, now) })
}

/** "22 mei", for table cells; it never breaks in two. */
export function shortDay(value: string, now = new Date()): string {
  return format(asDate(value), { day: 'numeric', month: 'short', ...yearPart(value, now) }).replaceAll(' ', '\u00a0')
}

/** "10.21" in Dutch, "10:21" in English. */
export function clock(value: string): string {
  const time = format(new Date(value), { hour: 'numeric', minute: '2-digit', hour12: false })
  return getLocale() === 'nl' ? time.replace(':', '.').replace(/^0(?=\d\.)/, '') : time
}

/** "vandaag 10.21", "gisteren 21.20", "vr 15 mei" */
export function moment(value: string, now = new Date()): string {
  const days = daysBetween(value, localDay(now))
  const time = clock(value)
  if (days === 0) return t`vandaag ${time}`
  if (days === 1) return t`gisteren ${time}`
  return day(value, now)
}

/** How long ago, as the lists show it: "8 min", "2 uur", "gisteren", "vr 15 mei". */
export function ago(value: string, now = new Date()): string {
  const minutes = Math.floor((now.getTime() - Date.parse(value)) / 60_000)
  if (minutes < 1) return t`zojuist`
  if (minutes < 60) return t`${minutes} min`
  const days = daysBetween(value, localDay(now))
  if (days === 0) {
    const hours = Math.floor(minutes / 60)
    return t`${hours} uur`
  }
  if (days === 1) return t`gisteren`
  return day(value, now)
}

/** A deadline colours a week ahead, and again when it has passed. */
export function dueTone(dueOn: string, now = new Date()): 'late' | 'soon' | '' {
  const days = daysBetween(localDay(now), dueOn)
  if (days < 0) return 'late'
  return days <= 7 ? 'soon' : ''
}
