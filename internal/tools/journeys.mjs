#!/usr/bin/env node
// journeys [APP...] [-- PLAYWRIGHT OPTIONS]
//
// The browser journeys of both apps against a server of their own: free ports, a fresh data folder, the demo in it.
// Afterwards nothing that they typed or were shown may stand where no secret belongs (cmd/canary).
// VOORDEUR_JOURNEYS_DEMO=.data/demo.json uses a server that is already running instead.
import { spawn, spawnSync } from 'node:child_process'
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const artefacts = join(root, 'artefacts', 'journeys')
const split = process.argv.indexOf('--')
const named = process.argv.slice(2, split < 0 ? undefined : split)
const options = split < 0 ? [] : process.argv.slice(split + 1)
const apps = named.length > 0 ? named : ['frontend-portal', 'frontend-office']

const freePort = () =>
  new Promise((done, fail) => {
    const probe = createServer()
    probe.on('error', fail)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => done(port))
    })
  })

function chromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM
  for (const name of ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']) {
    const found = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' })
    if (found.status === 0) return found.stdout.trim()
  }
  throw new Error('no Chromium on this machine: run internal/tools/need chromium')
}

async function start() {
  const [portal, office, mailbox, ops] = await Promise.all([freePort(), freePort(), freePort(), freePort()])
  const data = mkdtempSync(join(tmpdir(), 'voordeur-journeys-'))
  const log = createWriteStream(join(artefacts, 'server.log'))
  const env = {}
  for (const [name, value] of Object.entries(process.env)) if (!name.startsWith('VOORDEUR_') || name === 'VOORDEUR_PG_BIN') env[name] = value
  const server = spawn(join(root, 'bin/voordeur'), ['serve'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...env,
      VOORDEUR_DEMO: '1',
      VOORDEUR_DATA_DIR: data,
      VOORDEUR_PORTAL_ADDR: `127.0.0.1:${portal}`,
      VOORDEUR_PORTAL_URL: `http://localhost:${portal}`,
      VOORDEUR_OFFICE_ADDR: `127.0.0.1:${office}`,
      VOORDEUR_OFFICE_URL: `http://localhost:${office}`,
      VOORDEUR_MAILBOX_ADDR: `127.0.0.1:${mailbox}`,
      VOORDEUR_OPS_ADDR: `127.0.0.1:${ops}`,
    },
  })
  server.stdout.pipe(log)
  server.stderr.pipe(log)
  let ended = null
  server.on('exit', (code, signal) => (ended = signal ?? code))

  const stop = async () => {
    if (ended === null) {
      server.kill('SIGTERM')
      for (let i = 0; i < 200 && ended === null; i++) await new Promise((done) => setTimeout(done, 100))
      if (ended === null) server.kill('SIGKILL')
    }
    rmSync(data, { recursive: true, force: true })
  }

  const demo = join(data, 'demo.json')
  const began = Date.now()
  for (;;) {
    if (ended !== null) {
      process.stderr.write(readFileSync(join(artefacts, 'server.log'), 'utf8'))
      await stop()
      throw new Error(`the server ended with ${ended} before it was ready`)
    }
    const ready = await fetch(`http://127.0.0.1:${ops}/readyz`).then((answer) => answer.ok, () => false)
    if (ready && existsSync(demo)) break
    if (Date.now() - began > 120_000) {
      process.stderr.write(readFileSync(join(artefacts, 'server.log'), 'utf8'))
      await stop()
      throw new Error('the server was not ready within two minutes')
    }
    await new Promise((done) => setTimeout(done, 100))
  }
  console.log(`Server ready after ${((Date.now() - began) / 1000).toFixed(1)} s, demo included`)
  return { demo, stop, data }
}

rmSync(artefacts, { recursive: true, force: true })
mkdirSync(artefacts, { recursive: true })
const running = process.env.VOORDEUR_JOURNEYS_DEMO ? { demo: resolve(process.env.VOORDEUR_JOURNEYS_DEMO), stop: async () => {} } : await start()
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void running.stop().then(() => process.exit(1)))

let failed = 0
const secrets = join(artefacts, 'secrets')
mkdirSync(secrets)
for (const name of ['secrets', 'problems']) writeFileSync(join(secrets, `${name}.ndjson`), '')
try {
  for (const app of apps) {
    console.log(`\nJourneys of ${app}`)
    // Through npm, so that the app's own Node runs it.
    const code = await new Promise((done) =>
      spawn('npm', ['exec', '--', 'playwright', 'test', ...options], {
        cwd: join(root, app),
        stdio: ['ignore', 'inherit', 'inherit'],
        env: {
          ...process.env,
          VOORDEUR_JOURNEYS_DEMO: running.demo,
          VOORDEUR_JOURNEYS_ARTEFACTS: join(artefacts, app),
          VOORDEUR_JOURNEYS_SECRETS: secrets,
          CHROMIUM: chromium(),
        },
      }).on('exit', (status) => done(status ?? 1)),
    )
    if (code !== 0) failed++
  }
  if (running.data) {
    console.log('\nCanary: no secret of these journeys in logs, mail, refusals or the database')
    const part = named.length > 0 || options.length > 0
    const { status } = spawnSync('go', ['run', './cmd/canary', '-data', running.data, '-found', secrets, '-log', join(artefacts, 'server.log')], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, VOORDEUR_CANARY_PART: part ? '1' : '' }, // some journeys alone need not use a secret of every kind
    })
    if (status !== 0) failed++
    rmSync(secrets, { recursive: true, force: true })
  }
} finally {
  await running.stop()
}
process.exit(failed === 0 ? 0 : 1)
