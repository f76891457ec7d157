// Writes the Phosphor paths this app uses, inline, so that no icon font or sprite is loaded: src/components/icons.ts with those
// that are seen at the login, insideIcons.ts with those of behind it, which the frame there brings along, and aroundIcons.ts with
// those of the screens beside the login, which bring them along themselves.
import { readFileSync, writeFileSync } from 'node:fs'

const door = 'caret-left check-bold device-mobile info link-break warning-circle-fill'
const around = 'clock envelope-simple user-circle'
const inside =
  'arrow-counter-clockwise-bold bell bell-fill camera caret-right clock-bold dots-three-circle dots-three-circle-fill download-simple envelope-simple eye file-text files files-fill fingerprint folder-open house house-fill lock-simple magnifying-glass-minus magnifying-glass-plus phone sign-out trash upload-simple x x-bold'

const weightOf = (name) => /-(bold|fill)$/.exec(name)?.[1] ?? 'regular'
const entries = (names) =>
  names
    .split(' ')
    .map((name) => {
      const svg = readFileSync(
        new URL(`../node_modules/@phosphor-icons/core/assets/${weightOf(name)}/${name}.svg`, import.meta.url),
        'utf8',
      )
      const paths = [...svg.matchAll(/ d="([^"]+)"/g)].map((match) => match[1]).join('')
      return `  '${name}': '${paths}',`
    })
    .join('\n')
const note = '// Phosphor Icons, MIT. Written by scripts/icons.mjs; run `npm run icons` after changing the lists there.\n'
const write = (name, code) => writeFileSync(new URL(`../src/components/${name}`, import.meta.url), `${note}${code}`)

write(
  'icons.ts',
  `import type { aroundIcons } from './aroundIcons'
import type { insideIcons } from './insideIcons'

const doorIcons = {
${entries(door)}
} as const

export type IconName = keyof typeof doorIcons | keyof typeof aroundIcons | keyof typeof insideIcons

export const icons: Partial<Record<IconName, string>> = { ...doorIcons }
`,
)
write('insideIcons.ts', `export const insideIcons = {\n${entries(inside)}\n} as const\n`)
write('aroundIcons.ts', `export const aroundIcons = {\n${entries(around)}\n} as const\n`)
