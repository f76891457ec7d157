// Rules about the repository that no compiler knows: both apps pin the same versions, lock files name no host,
// nothing stands in the root that does not belong there.
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
const twins = ['e2e/load.ts', 'e2e/oath.ts', 'scripts/chunks.mjs', 'scripts/compress.mjs', 'src/api/problem.ts', 'src/api/stepUp.ts', 'src/styles/base.css', 'src/styles/tokens.css']
for (const name of ['dates', 'random', 'text', 'theme']) twins.push(`src/lib/${name}.ts`)
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

if (faults.length > 0) {
  console.error(faults.join('\n'))
  process.exit(1)
}
console.log(`${pins.size} packages pinned alike, lock files and root in order`)
