import { Upload, type DetailedError } from 'tus-js-client'
import { getLocale } from '#/lib/locale'

/** Why a file did not arrive. Status 0: no answer at all. */
export type SendFailure = { status: number; code: string; message: string }

export type SendEvents = {
  onProgress: (sent: number) => void
  /** The connection is gone; the file goes on by itself when it is back. */
  onWaiting: () => void
  onDone: (uploadId: string) => void
  onFailed: (failure: SendFailure) => void
}

export type Sending = {
  /** Goes on where it stopped. */
  resume: () => void
  /** Stops, and throws away what the server has. */
  abort: () => void
}

/** Sends one file in pieces (tus): after a dropped connection it goes on where it stopped. */
export function sendFile(file: File, events: SendEvents): Sending {
  let stopped = false
  const upload = new Upload(file, {
    endpoint: '/api/v1/portal/uploads',
    metadata: { filename: file.name },
    headers: { 'X-Voordeur': '1', 'Accept-Language': getLocale() },
    retryDelays: [500, 1000, 3000, 5000],
    chunkSize: 5_242_880,
    storeFingerprintForResuming: false,
    onShouldRetry: (error) => {
      const status = statusOf(error)
      // 409 and 423: the previous piece is still being taken in. Any other refusal stays one.
      return navigator.onLine && (status === 0 || status === 409 || status === 423 || status >= 500)
    },
    onProgress: (sent) => {
      if (!stopped) events.onProgress(sent)
    },
    onSuccess: () => {
      if (!stopped) events.onDone(upload.url?.split('/').at(-1) ?? '')
    },
    onError: (error) => {
      if (stopped) return
      if (!navigator.onLine) {
        events.onWaiting()
        addEventListener('online', resume, { once: true })
        return
      }
      const response = 'originalResponse' in error ? error.originalResponse : undefined
      events.onFailed(failure(response?.getStatus() ?? 0, response?.getBody() ?? ''))
    },
  })
  const resume = () => {
    if (!stopped) upload.start()
  }
  upload.start()
  return {
    resume,
    abort: () => {
      stopped = true
      removeEventListener('online', resume)
      // What stays behind is swept by the server within a day.
      upload.abort(true).catch(() => {})
    },
  }
}

const statusOf = (error: DetailedError) => error.originalResponse?.getStatus() ?? 0

function failure(status: number, body: string): SendFailure {
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  try {
    const problem: unknown = JSON.parse(body)
    if (typeof problem === 'object' && problem !== null) {
      const { code, title, detail } = problem as Record<string, unknown>
      return { status, code: text(code), message: [text(title), text(detail)].filter(Boolean).join(' ') }
    }
  } catch {
    // Not a problem document: a proxy in between, or no answer at all.
  }
  return { status, code: '', message: '' }
}
