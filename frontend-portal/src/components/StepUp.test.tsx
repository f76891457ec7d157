import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, it, vi } from 'vitest'
import { portalFetch } from '#/api/http'
import { StepUp } from './StepUp'

/** Refuses until the password was given; then answers what it was sent. */
function server(ways = ['password']) {
  const sent: { path: string; body: string; key: string | null }[] = []
  let proven = false
  const problem = (status: number, code: string, errors: unknown[] = []) =>
    Response.json({ status, code, title: code, errors }, { status, headers: { 'Content-Type': 'application/problem+json' } })
  vi.stubGlobal(
    'fetch',
    vi.fn(async (request: Request) => {
      const path = new URL(request.url).pathname
      const body = await request.text()
      sent.push({ path, body, key: request.headers.get('Idempotency-Key') })
      if (path.endsWith('/step-up') && request.method === 'GET') return Response.json({ ways })
      if (path.endsWith('/step-up/codes')) return Response.json({ digits: 8, expiresInSeconds: 600 }, { status: 202 })
      if (path.endsWith('/step-up')) {
        proven = body.includes('paarse olifant') || body.includes('"loginCode":"12345678"')
        return proven
          ? new Response(null, { status: 204 })
          : problem(422, 'invalid', [{ pointer: '/password', code: 'wrong-password', message: 'Fout.' }])
      }
      return proven ? Response.json({ body }) : problem(403, 'step-up-required')
    }),
  )
  return sent
}

const show = () =>
  render(
    <QueryClientProvider client={new QueryClient()}>
      <StepUp />
    </QueryClientProvider>,
  )

const post = (path: string, body: string) => portalFetch(new Request(`http://localhost/api/v1/portal${path}`, { method: 'POST', body }))

afterEach(() => vi.unstubAllGlobals())

it('asks once for every request that waits, and sends each again as it was', async () => {
  const sent = server()
  show()
  const answers = Promise.all([post('/one', 'first'), post('/two', 'second')])
  const field = await screen.findByLabelText('Wachtwoord')
  const user = userEvent.setup()
  await user.type(field, 'niet goed')
  await user.click(screen.getByRole('button', { name: 'Verder' }))
  expect(await screen.findByText('Dit wachtwoord klopt niet.')).toBeVisible()
  await user.clear(field)
  await user.type(field, 'paarse olifant')
  await user.click(screen.getByRole('button', { name: 'Verder' }))
  expect((await answers).map((one) => one.status)).toEqual([200, 200])
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  const ones = sent.filter((call) => call.path.endsWith('/one'))
  expect(ones).toHaveLength(2)
  expect(ones[1]).toEqual(ones[0])
  expect(ones[0]?.key).toBeTruthy()
})

it('leaves the request refused when it is cancelled', async () => {
  const sent = server()
  show()
  const refused = post('/one', 'first')
  await userEvent.setup().click(await screen.findByRole('button', { name: 'Annuleren' }))
  expect((await refused).status).toBe(403)
  expect(sent.filter((call) => call.path.endsWith('/one'))).toHaveLength(1)
})

it('sends a code to who has no password, and asks for nothing that the customer does not have', async () => {
  const sent = server(['login_code'])
  show()
  const done = post('/one', 'first')
  const user = userEvent.setup()
  await user.click(await screen.findByRole('button', { name: 'Stuur mij een code' }))
  await user.type(await screen.findByLabelText('Code van 8 cijfers'), '1234 5678')
  expect(screen.queryByText(/wachtwoord|passkey/i)).toBeNull()
  await user.click(screen.getByRole('button', { name: 'Verder' }))
  expect((await done).status).toBe(200)
  expect(sent.filter((call) => call.path.endsWith('/step-up/codes'))).toHaveLength(1)
})

it('says what helps who has nothing to show', async () => {
  server([])
  show()
  const refused = post('/one', 'first')
  expect(await screen.findByText(/Log uit en opnieuw in/)).toBeVisible()
  expect(screen.queryByRole('button', { name: 'Verder' })).toBeNull()
  await userEvent.setup().click(screen.getByRole('button', { name: 'Annuleren' }))
  expect((await refused).status).toBe(403)
})
