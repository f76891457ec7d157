import { expect, test } from 'vitest'
import { aroundIcons } from './aroundIcons'
import { insideIcons } from './insideIcons'

const sources = import.meta.glob<string>('/src/**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true })

/** A file and what it imports, itself included; a route's component behind the login is not of the door. */
function reach(path: string, seen = new Set<string>()) {
  const source = sources[path]
  if (source === undefined || seen.has(path) || /insideIcons|icons\.ts$/.test(path)) return seen
  seen.add(path)
  for (const [, at = ''] of source.matchAll(/from '([^']+)'/g)) {
    const to = at.startsWith('#/') ? at.replace('#', '/src') : at.startsWith('.') ? new URL(at, `file://${path}`).pathname : undefined
    if (to) for (const end of ['', '.ts', '.tsx']) reach(to + end, seen)
  }
  return seen
}

test('what is seen before the login shows only icons that are there before the login', () => {
  const door = Object.keys(sources).filter((path) => /\/features\/session\/|\/shell\/NoOffice|\/components\/(States|Toasts)/.test(path))
  const files = new Set(door.flatMap((path) => [...reach(path)]))
  expect(files).toContain('/src/components/Icon.tsx')
  const late = [...files].flatMap((path) =>
    Object.keys(insideIcons)
      .filter((name) => !(name in aroundIcons))
      .filter((name) => sources[path]?.includes(`'${name}'`) || sources[path]?.includes(`"${name}"`))
      .map((name) => `${path}: ${name}`),
  )
  expect(late).toEqual([])
})

test('a screen beside the login brings the icons along that the login does not have', () => {
  const without = Object.entries(sources)
    .filter(([path, source]) => path.includes('/features/session/') && !/aroundIcons/.test(path + source))
    .flatMap(([path, source]) =>
      Object.keys(aroundIcons).flatMap((name) => (source.includes(`'${name}'`) || source.includes(`"${name}"`) ? `${path}: ${name}` : [])),
    )
  expect(without).toEqual([])
})
