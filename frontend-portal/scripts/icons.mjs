// Writes src/components/icons.ts: the Phosphor paths this app uses, inline, so that no icon font or sprite is loaded.
import { readFileSync, writeFileSync } from 'node:fs'

const used =
  'arrow-counter-clockwise-bold bell bell-fill camera caret-left caret-right check-bold clock clock-bold dots-three-circle dots-three-circle-fill download-simple envelope-simple eye file-text files files-fill folder-open house house-fill info link-break lock-simple magnifying-glass-minus magnifying-glass-plus phone sign-out trash upload-simple user-circle warning-circle-fill x x-bold'.split(
    ' ',
  )
const weightOf = (name) => /-(bold|fill)$/.exec(name)?.[1] ?? 'regular'
const entries = used.map((name) => {
  const svg = readFileSync(new URL(`../node_modules/@phosphor-icons/core/assets/${weightOf(name)}/${name}.svg`, import.meta.url), 'utf8')
  const paths = [...svg.matchAll(/ d="([^"]+)"/g)].map((match) => match[1]).join('')
  return `  '${name}': '${paths}',`
})
writeFileSync(
  new URL('../src/components/icons.ts', import.meta.url),
  `// Phosphor Icons, MIT. Written by scripts/icons.mjs; run \`npm run icons\` after changing the list there.\nexport const icons = {\n${entries.join('\n')}\n} as const\n\nexport type IconName = keyof typeof icons\n`,
)
