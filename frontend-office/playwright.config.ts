import { defineConfig } from '@playwright/test'

import './e2e/canary'

// `make journeys` starts a server with the demo in it and says where its logins are; against `make run` it is .data/demo.json.
const artefacts = process.env['VOORDEUR_JOURNEYS_ARTEFACTS'] ?? '../artefacts/journeys'

export default defineConfig({
  testDir: 'e2e',
  outputDir: `${artefacts}/traces`,
  workers: 1,
  forbidOnly: Boolean(process.env['CI']),
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json', { outputFile: `${artefacts}/results.json` }]],
  use: {
    locale: 'nl-NL',
    timezoneId: 'Europe/Amsterdam',
    actionTimeout: 10_000,
    navigationTimeout: 20_000,
    screenshot: 'only-on-failure',
    // What the page was at each step is kept; a film of it besides takes a fifth of the time of everything.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: true, sources: true },
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
})
