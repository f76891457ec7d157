// chunks.mjs LIMIT [NAME=LIMIT...]: no file that a screen adds to the first load may be heavier, in kB after gzip.
// The first load itself is weighed in a browser, by e2e/load.spec.ts.
import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const assets = new URL('../dist/assets/', import.meta.url)
const [each, ...others] = process.argv.slice(2)
const own = new Map(others.map((one) => one.split('=')))
let heavy = 0
for (const name of readdirSync(assets)) {
  if (!name.endsWith('.js') || name.startsWith('index-')) continue
  // A name in front of the eight characters of its digest.
  const limit = Number(own.get(name.slice(0, -'-12345678.js'.length)) ?? each)
  const kilo = gzipSync(readFileSync(new URL(name, assets)), { level: 9 }).length / 1000
  if (kilo > limit) {
    console.error(`${name}: ${kilo.toFixed(1)} kB after gzip, limit ${limit} kB`)
    heavy++
  }
}
if (heavy > 0) process.exit(1)
console.log(`every further file stays below ${each} kB${others.length > 0 ? `, but ${others.join(' kB, ')} kB` : ''}`)
