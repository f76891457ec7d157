import { test } from '@playwright/test'

import { weigh } from './load'
import { demo, desktop, open, signIn } from './support'

test('first load of the dossier list', async ({ browser }) => {
  const [context, page] = await open(browser, desktop)
  await signIn(page, 'adviser')
  const list = {
    name: 'office dossier list',
    url: `${demo.officeUrl}/dossiers`,
    size: desktop,
    state: await context.storageState(),
    standing: (on: typeof page) => on.getByRole('row').nth(1),
  }
  await context.close()
  await weigh(browser, list, { js: 260_000, css: 20_000, fonts: 50_000, requests: 15 })
})
