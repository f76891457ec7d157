// Adds up what the browser fetches before the dossier list can be used: the entry, the shell, the list and all they import.
import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const limit = 260_000
const assets = new URL('../dist/assets/', import.meta.url)
const files = readdirSync(assets).filter((name) => name.endsWith('.js'))
const wanted = new Set()

function follow(name) {
  if (wanted.has(name)) return
  wanted.add(name)
  const code = readFileSync(new URL(name, assets), 'utf8')
  for (const [, imported] of code.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) follow(imported)
}

for (const start of [/^index-/, /^_app-/, /^dossiers\.index-/]) files.filter((name) => start.test(name)).forEach(follow)
const bytes = [...wanted].reduce((sum, name) => sum + gzipSync(readFileSync(new URL(name, assets)), { level: 9 }).length, 0)
process.stdout.write(`JS to the dossier list: ${(bytes / 1000).toFixed(1)} kB gzip in ${wanted.size} files, limit ${limit / 1000} kB\n`)
if (bytes > limit) process.exit(1)
