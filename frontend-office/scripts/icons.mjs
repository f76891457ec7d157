// Writes src/components/icons.ts: the Phosphor paths this app uses, inline, so that no icon font or sprite is loaded.
import { readFileSync, writeFileSync } from 'node:fs'

const used =
  'address-book address-book-fill archive arrow-counter-clockwise arrow-counter-clockwise-bold arrow-square-out bell-fill calendar-blank caret-down caret-left caret-right caret-up-down check check-bold check-circle clock clock-bold copy dots-three door-open door-open-fill download-simple envelope-simple eye file-text fingerprint flask folder-simple-user folder-simple-user-fill funnel-simple image-square info kanban key key-fill link-break list list-checks lock-simple magnifying-glass magnifying-glass-minus magnifying-glass-plus minus monitor moon note-pencil paper-plane-tilt pencil-simple plugs-connected plugs-connected-fill plus prohibit rows scroll scroll-fill selection-slash shield-check shield-check-fill sign-out split-horizontal sun translate trash tray tray-fill upload-simple user-plus users-three users-three-fill warning-circle-fill x x-bold'.split(
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
