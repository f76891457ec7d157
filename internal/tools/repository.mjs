// Rules about the repository that no compiler knows: both apps pin the same versions, lock files name no host,
// nothing stands in the root that does not belong there, and what docs/ says about security can be found.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const read = (path) => readFileSync(resolve(root, path), 'utf8')
const faults = []

const apps = ['frontend-portal', 'frontend-office']
const pins = new Map()
for (const app of apps) {
  const manifest = JSON.parse(read(`${app}/package.json`))
  if (manifest.license !== 'Apache-2.0') faults.push(`${app}/package.json: license is ${manifest.license}, the repository is Apache-2.0`)
  for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
    if (!/^(npm:[^@]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) faults.push(`${app}/package.json: ${name} is ${version}, not one exact version`)
    const other = pins.get(name)
    if (other !== undefined && other !== version) faults.push(`${name}: ${other} in frontend-portal, ${version} in frontend-office`)
    if (other === undefined) pins.set(name, version)
  }
}

const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).trim().split('\n')
for (const path of tracked.filter((name) => /(^|\/)package-lock\.json$/.test(name))) {
  if (/"resolved": "https?:/.test(read(path))) faults.push(`${path}: names the host a package came from (set omit-lockfile-registry-resolved)`)
}

// Small code is owned twice on purpose, one copy an app; these copies must stay the same.
const twins = ['e2e/canary.ts', 'e2e/load.ts', 'e2e/oath.ts', 'e2e/passkey.ts', 'e2e/support.ts', 'scripts/chunks.mjs', 'scripts/compress.mjs', 'src/api/problem.ts', 'src/api/stepUp.ts', 'src/styles/base.css', 'src/styles/tokens.css']
for (const name of ['dates', 'passkey', 'random', 'strength', 'strength.test', 'text', 'theme']) twins.push(`src/lib/${name}.ts`)
for (const name of ['DoorMark.tsx', 'Icon.tsx', 'Street.tsx', 'street.svg']) twins.push(`src/components/${name}`)
for (const name of twins) {
  const [one, other] = apps.map((app) => read(`${app}/${name}`))
  if (one !== other) faults.push(`${name}: differs between frontend-portal and frontend-office; change both`)
}

const allowed =
  /^(api|cmd|internal|openapi|frontend-portal|frontend-office|deployments|docs)\/|^(go\.mod|go\.sum|Makefile|README\.md|CHANGELOG\.md|CONTRIBUTING\.md|SECURITY\.md|LICENSE)$|^\./
for (const path of tracked) {
  if (!allowed.test(path)) faults.push(`${path}: does not belong in the root`)
}

// What docs/ says about security names the test or file that shows it: `package:TestName`, or a path.
const known = new Set(tracked.flatMap((path) => path.split('/').map((_, i, parts) => parts.slice(0, i + 1).join('/'))))
const shown = (place, name) => {
  const within = tracked.filter((path) => path === place || (path.startsWith(`${place}/`) && path.endsWith('_test.go') && !path.slice(place.length + 1).includes('/')))
  return within.some((path) => read(path).includes(`func ${name}(`))
}
for (const page of ['docs/security.md', 'docs/asvs.md']) {
  for (const [, place, name] of read(page).matchAll(/`((?:api|cmd|internal|openapi|frontend-portal|frontend-office|deployments|docs)(?:\/[\w.@$-]+)*|[\w.-]+\.(?:md|mod|yml))(?::((?:Test|Fuzz)\w+))?`/g)) {
    if (!known.has(place)) faults.push(`${page}: there is no ${place}`)
    else if (name !== undefined && !shown(place, name)) faults.push(`${page}: there is no ${name} in ${place}`)
  }
}

// Every requirement of levels 1 and 2 stands in docs/asvs.md once, what is met says where, and the sums are those of the rows.
const rows = [...read('docs/asvs.md').matchAll(/^\| (\d+\.\d+\.\d+) \| [12] \| [^|]+ \| (met|deviation|not yet|n\/a) \| (.+) \|$/gm)]
const requirements = 253
if (new Set(rows.map(([, number]) => number)).size !== requirements || rows.length !== requirements) faults.push(`docs/asvs.md: ${rows.length} rows of ${requirements}, or one twice`)
for (const [, number, state, why] of rows) if (state === 'met' && !why.includes('`')) faults.push(`docs/asvs.md: ${number} is met and names nothing that shows it`)
for (const [, state, sum] of read('docs/asvs.md').matchAll(/^\| (met|deviation|not yet|n\/a) \| (\d+) \|/gm)) {
  const counted = rows.filter((row) => row[2] === state).length
  if (counted !== Number(sum)) faults.push(`docs/asvs.md: ${sum} rows are said to be "${state}", and ${counted} are`)
}

if (faults.length > 0) {
  console.error(faults.join('\n'))
  process.exit(1)
}
console.log(`${pins.size} packages pinned alike, lock files and root in order, ${rows.length} requirements with what shows them`)
