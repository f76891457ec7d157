import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import axe from 'axe-core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ifMatch } from '#/api/http'
import { LoginPage } from './LoginPage'

type Call = { path: string; body: unknown; headers: Headers }

/** Answers each path with what it is given, and keeps what was sent. */
function server(answers: Record<string, () => Response>) {
  const calls: Call[] = []
  vi.stubGlobal(
    'fetch',
    vi.fn(async (request: Request) => {
      const path = new URL(request.url).pathname
      calls.push({ path, body: await request.clone().json(), headers: request.headers })
      return answers[path]?.() ?? new Response(null, { status: 404 })
    }),
  )
  return calls
}

const problem = (status: number, code: string, headers: Record<string, string> = {}) =>
  Response.json({ status, code, title: code }, { status, headers: { 'Content-Type': 'application/problem+json', ...headers } })

function open() {
  const onDone = vi.fn<() => void>()
  const client = new QueryClient({ defaultOptions: { mutations: { retry: false } } })
  const view = render(
    <QueryClientProvider client={client}>
      <LoginPage onDone={onDone} />
    </QueryClientProvider>,
  )
  return { ...view, onDone, user: userEvent.setup() }
}

async function passPassword(user: ReturnType<typeof userEvent.setup>) {
  await user.type(screen.getByLabelText('E-mailadres'), 'sanne@brugwachter.example')
  await user.type(screen.getByLabelText('Wachtwoord'), 'voordeur-demo-kantoor')
  await user.click(screen.getByRole('button', { name: 'Inloggen' }))
}

afterEach(() => vi.unstubAllGlobals())

it('names the version someone looked at as an entity tag', () => {
  expect(ifMatch(3)).toEqual({ 'If-Match': '"3"' })
})

describe('LoginPage', () => {
  it('takes two steps, and sends the code as soon as it is whole', async () => {
    const calls = server({
      '/api/v1/auth/login': () => Response.json({ status: 'second_factor' }),
      '/api/v1/auth/second-factor': () => Response.json({ id: 'me' }),
    })
    const { user, onDone } = open()
    await passPassword(user)
    const code = await screen.findByLabelText('Code')
    expect(code).toHaveAttribute('autocomplete', 'one-time-code')
    await user.click(code)
    await user.paste('123 456')
    await vi.waitFor(() => expect(onDone).toHaveBeenCalledOnce())
    expect(calls.map((call) => call.body)).toEqual([
      { email: 'sanne@brugwachter.example', password: 'voordeur-demo-kantoor' },
      { code: '123456' },
    ])
    expect(calls.every((call) => call.headers.get('X-Voordeur') === '1' && call.headers.get('Idempotency-Key') !== null)).toBe(true)
  })

  it('says what is wrong with a code and lets the next one in', async () => {
    server({
      '/api/v1/auth/login': () => Response.json({ status: 'second_factor' }),
      '/api/v1/auth/second-factor': () => problem(401, 'wrong-code'),
    })
    const { user, onDone } = open()
    await passPassword(user)
    await user.type(await screen.findByLabelText('Code'), '000000')
    expect(await screen.findByRole('alert')).toHaveTextContent('Die code klopt niet')
    expect(screen.getByLabelText('Code')).toHaveValue('')
    expect(onDone).not.toHaveBeenCalled()
  })

  it('never says which half of the combination was wrong, and how long a pause lasts', async () => {
    const answers = [() => problem(401, 'wrong-credentials'), () => problem(429, 'too-many-attempts', { 'Retry-After': '540' })]
    server({ '/api/v1/auth/login': () => (answers.shift() ?? (() => new Response(null)))() })
    const { user } = open()
    await passPassword(user)
    expect(await screen.findByRole('alert')).toHaveTextContent('Deze combinatie kennen we niet')
    await user.click(screen.getByRole('button', { name: 'Inloggen' }))
    await vi.waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent('Over 9 min'))
  })

  it('points at what is empty without asking the server', async () => {
    const calls = server({})
    const { user, container } = open()
    await user.click(screen.getByRole('button', { name: 'Inloggen' }))
    expect(screen.getByLabelText('E-mailadres')).toHaveAccessibleDescription('Vul je e-mailadres in')
    expect(screen.getByLabelText('E-mailadres')).toHaveFocus()
    expect(calls).toEqual([])
    const { violations } = await axe.run(container, { rules: { 'color-contrast': { enabled: false }, region: { enabled: false } } })
    expect(violations.map((violation) => violation.id)).toEqual([])
  })
})
