import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, it, vi, type Mock } from 'vitest'
// The client has its settings from here.
// oxlint-disable-next-line import/no-unassigned-import
import '#/api/http'
import { getMeQueryKey } from '#/api/generated/@tanstack/react-query.gen'
import type { ActionPointSummary, DossierOverview } from '#/api/generated/types.gen'
import type { SendEvents } from '#/lazy/upload'
import { offeredTypes } from '#/lib/files'
import { DeliverSheet } from './DeliverSheet'

type Sent = { file: File; events: SendEvents; resume: Mock<() => void>; abort: Mock<() => void> }

const sent: Sent[] = []
vi.mock('#/lazy/upload', () => ({
  sendFile: (file: File, events: SendEvents) => {
    const one = { file, events, resume: vi.fn<() => void>(), abort: vi.fn<() => void>() }
    sent.push(one)
    return one
  },
}))

// Leaving the page is for the journeys: there is no router here.
vi.mock('@tanstack/react-router', async (original) => ({ ...(await original<object>()), useBlocker: () => {} }))

const point: ActionPointSummary = {
  id: 'ap-1',
  title: 'Loonstrook van Eva',
  explanation: 'De laatste maand\n- Alle bladzijden',
  productId: 'p-1',
  dueOn: '2026-05-22',
  state: 'open',
  round: 2,
  askedAgain: true,
  rejection: { byFirstName: 'Sanne', at: '2026-05-15T09:00:00Z', code: 'too_old', reason: 'Deze is van vorig jaar.' },
}
const person = { id: 'e-1', firstName: 'Sanne', lastName: 'Verhulst', jobTitle: '', email: '', phone: '' }
const dossier: DossierOverview = {
  id: 'd-1',
  name: 'De Wit en Timmer',
  subject: '',
  reference: 'D-1',
  status: 'open',
  phase: 'collecting',
  openCount: 1,
  progress: { handled: 0, percent: 0, total: 1 },
  adviser: person,
  applicants: [
    { id: 'a-1', firstName: 'Eva', lastName: 'de Wit', isMe: true },
    { id: 'a-2', firstName: 'Ruben', lastName: 'Timmer', isMe: false },
  ],
  products: [{ id: 'p-1', kind: 'mortgage', name: 'Hypotheek', status: 'requested', information: '', facts: [], openCount: 1 }],
  actionPoints: [],
  documents: [],
}

const pdf = (name = 'loonstrook.pdf', size = 1200) => new File([new Uint8Array(size)], name, { type: 'application/pdf' })

function open() {
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity } } })
  queryClient.setQueryData(getMeQueryKey(), {
    id: 'm-1',
    firstName: 'Eva',
    lastName: 'de Wit',
    username: 'eva',
    clientName: 'De Wit',
    permissions: [],
    office: { slug: 'brugwachter', name: 'Brugwachter' },
    locale: 'nl',
    sessionExpiresAt: '2026-05-20T12:00:00Z',
  })
  const onClose = vi.fn<() => void>()
  const onDelivered = vi.fn<() => void>()
  const view = render(
    <QueryClientProvider client={queryClient}>
      <DeliverSheet actionPoint={point} dossier={dossier} onClose={onClose} onDelivered={onDelivered} />
    </QueryClientProvider>,
  )
  return { onClose, onDelivered, ...view }
}

const choose = (files: File[]) => userEvent.upload(screen.getByTestId('files'), files, { applyAccept: false })
const submitButton = () => screen.getByRole('button', { name: 'Indienen' })
const arrived = async (index: number, id: string) => {
  await waitFor(() => expect(sent.length).toBeGreaterThan(index))
  act(() => sent[index]?.events.onDone(id))
}

let answers: (() => Promise<Response>)[] = []
const asked: Request[] = []

beforeEach(() => {
  sent.length = 0
  asked.length = 0
  answers = []
  vi.stubGlobal('fetch', (request: Request) => {
    asked.push(request.clone())
    return answers.shift()?.() ?? Promise.reject(new TypeError('no connection'))
  })
})

const json = (status: number, body: unknown) => () =>
  Promise.resolve(new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } }))

describe('the sheet', () => {
  it('shows what was wrong, what is asked and who will see it', () => {
    open()
    expect(screen.getByText('Deze is van vorig jaar.')).toBeInTheDocument()
    expect(screen.getByText('Sanne schreef op 15 mei')).toBeInTheDocument()
    expect(screen.getAllByRole('listitem').map((item) => item.textContent)).toEqual(['De laatste maand', 'Alle bladzijden'])
    expect(screen.getByText('Alleen Ruben, jij en Brugwachter zien dit')).toBeInTheDocument()
  })

  it('refuses an empty file, a file that is too large and a zip before sending anything', async () => {
    open()
    const large = pdf('scan.pdf')
    Object.defineProperty(large, 'size', { value: 34_000_000 })
    await choose([pdf('leeg.pdf', 0), large, new File(['x'], 'alles.zip'), new File(['x'], 'film.mov')])
    expect(screen.getByText(/^Dit bestand is leeg/)).toBeInTheDocument()
    expect(screen.getByText('Dit bestand is 34 MB, het maximum is 25 MB. Een foto per pagina werkt ook.')).toBeInTheDocument()
    expect(screen.getByText('Een zip kunnen we niet openen. Kies de losse bestanden.')).toBeInTheDocument()
    expect(screen.getByText(/^Dit soort bestand kunnen we niet openen/)).toBeInTheDocument()
    expect(sent).toHaveLength(0)
  })

  it('hands in once every file is ready or removed', async () => {
    const { onClose, onDelivered } = open()
    expect(submitButton()).toHaveAttribute('aria-disabled', 'true')
    await choose([pdf('een.pdf'), pdf('twee.pdf'), new File(['x'], 'alles.zip')])
    await arrived(0, 'u-1')
    await userEvent.click(submitButton())
    expect(asked).toHaveLength(0)
    expect(screen.getByRole('alert')).toHaveTextContent('Haal eerst het bestand weg dat niet lukte.')
    await userEvent.click(screen.getByRole('button', { name: 'Verwijder alles.zip' }))
    expect(screen.getByRole('alert')).toHaveTextContent('Nog 1 bestand is onderweg.')
    await arrived(1, 'u-2')
    await userEvent.type(screen.getByLabelText(/Toelichting voor Sanne/), 'Alles staat erin.')
    answers = [json(201, { id: 'ap-1' })]
    await userEvent.click(submitButton())
    await waitFor(() => expect(onDelivered).toHaveBeenCalledOnce())
    expect(onClose).toHaveBeenCalledOnce()
    expect(await asked[0]?.json()).toEqual({ uploadIds: ['u-1', 'u-2'], remark: 'Alles staat erin.' })
    expect(sent.every((one) => one.abort.mock.calls.length === 0)).toBe(true)
  })

  it('uses the same key when it is sent again', async () => {
    const { onDelivered } = open()
    await choose([pdf()])
    await arrived(0, 'u-1')
    answers = [json(503, { title: 'Even niet' }), json(201, { id: 'ap-1' })]
    await userEvent.click(submitButton())
    expect(await screen.findByRole('alert')).toHaveTextContent('Dit lukte niet')
    await userEvent.click(submitButton())
    await waitFor(() => expect(onDelivered).toHaveBeenCalledOnce())
    const keys = asked.map((request) => request.headers.get('Idempotency-Key'))
    expect(keys[0]).toBeTruthy()
    expect(keys[1]).toBe(keys[0])
  })

  it('says at the file what the server found in it, and offers to go on after a dropped connection', async () => {
    open()
    await choose([pdf('nep.pdf'), pdf('goed.pdf')])
    await waitFor(() => expect(sent).toHaveLength(2))
    act(() => sent[0]?.events.onFailed({ status: 422, code: 'file-damaged', message: 'server' }))
    act(() => sent[1]?.events.onFailed({ status: 0, code: '', message: '' }))
    expect(screen.getByText(/^Dit bestand is beschadigd of niet compleet/)).toBeInTheDocument()
    const retries = screen.getAllByRole('button', { name: 'Opnieuw proberen' })
    expect(retries).toHaveLength(1)
    await userEvent.click(retries[0] as HTMLElement)
    expect(sent[1]?.resume).toHaveBeenCalledOnce()
    await arrived(1, 'u-2')
    expect(screen.getByText(/^Klaar/)).toBeInTheDocument()
  })

  it('sends an iPhone photo as JPEG where the browser can read it, and as it is, with a word, where it cannot', async () => {
    open()
    vi.stubGlobal(
      'OffscreenCanvas',
      class {
        width: number
        height: number
        constructor(width: number, height: number) {
          this.width = width
          this.height = height
        }
        getContext() {
          return { drawImage: () => {} }
        }
        convertToBlob({ type }: { type: string }) {
          return Promise.resolve(new Blob([`${this.width}x${this.height}`], { type }))
        }
      },
    )
    const decode = vi.fn<() => Promise<unknown>>()
    vi.stubGlobal('createImageBitmap', decode)
    decode.mockResolvedValueOnce({ width: 4032, height: 3024, close: () => {} })
    decode.mockRejectedValueOnce(new DOMException('no decoder'))
    await choose([new File(['x'], 'IMG_0001.HEIC', { type: 'image/heic' })])
    await waitFor(() => expect(sent).toHaveLength(1))
    expect(sent[0]?.file.name).toBe('IMG_0001.jpg')
    expect(sent[0]?.file.type).toBe('image/jpeg')
    expect(await sent[0]?.file.text()).toBe('2400x1800')
    await choose([new File(['x'], 'IMG_0002.heic', { type: 'image/heic' })])
    await waitFor(() => expect(sent).toHaveLength(2))
    expect(sent[1]?.file.name).toBe('IMG_0002.heic')
    await arrived(0, 'u-1')
    expect(screen.queryByText(/HEIC-foto/)).toBeNull()
    await arrived(1, 'u-2')
    expect(screen.getByText(/HEIC-foto/)).toBeInTheDocument()
  })

  it('does not ask an iPhone for HEIC, so that it hands over JPEG', () => {
    open()
    expect(screen.getByTestId('files')).toHaveAttribute('accept', expect.stringContaining('.heic'))
    vi.stubGlobal('navigator', { userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)', maxTouchPoints: 5 })
    expect(offeredTypes()).toBe('.pdf,.jpg,.jpeg,.png,.docx,.xlsx')
    vi.unstubAllGlobals()
  })

  it('sends three at a time', async () => {
    open()
    await choose([1, 2, 3, 4, 5].map((number) => pdf(`${number}.pdf`)))
    await waitFor(() => expect(sent).toHaveLength(3))
    await arrived(0, 'u-1')
    await waitFor(() => expect(sent).toHaveLength(4))
  })

  it('asks before chosen files are thrown away', async () => {
    const { onClose, unmount } = open()
    await choose([pdf()])
    await waitFor(() => expect(sent).toHaveLength(1))
    await userEvent.click(screen.getByRole('button', { name: 'Sluiten' }))
    expect(onClose).not.toHaveBeenCalled()
    expect(screen.getByRole('alertdialog')).toHaveTextContent('Je bestand wordt dan niet verstuurd.')
    await userEvent.click(screen.getByRole('button', { name: 'Verder met aanleveren' }))
    expect(submitButton()).toBeInTheDocument()
    unmount()
    expect(sent[0]?.abort).toHaveBeenCalledOnce()
  })
})
