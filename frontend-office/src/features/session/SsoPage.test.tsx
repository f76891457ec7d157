import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, waitFor } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { SsoPage } from './SsoPage'

afterEach(() => {
  vi.unstubAllGlobals()
  history.replaceState(null, '', '/')
})

it('hands over what the provider sent along, and who it says it is', async () => {
  const sent: unknown[] = []
  vi.stubGlobal(
    'fetch',
    vi.fn(async (request: Request) => {
      sent.push(await request.json())
      return new Response(null, { status: 204 })
    }),
  )
  history.replaceState(null, '', `/sso?state=s1&code=c1&iss=${encodeURIComponent('https://login.example/kantoor')}`)
  const done = vi.fn<() => void>()
  render(
    <QueryClientProvider client={new QueryClient()}>
      <SsoPage onDone={done} />
    </QueryClientProvider>,
  )
  await waitFor(() => expect(done).toHaveBeenCalled())
  expect(sent).toEqual([{ state: 's1', code: 'c1', issuer: 'https://login.example/kantoor' }])
})
