import { Upload } from 'tus-js-client'
import { getLocale } from './locale'

export const maxUploadBytes = 26_214_400
export const acceptedTypes = '.pdf,.jpg,.jpeg,.png,.heic,.heif,.docx,.xlsx'

export class UploadFailed extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, message: string) {
    super(message)
    this.name = 'UploadFailed'
    this.status = status
    this.code = code
  }
}

/** Sends one file in pieces; a dropped connection goes on where it stopped. Resolves to the upload's id. */
export function sendFile(file: File, onProgress: (percent: number) => void): { done: Promise<string>; abort: () => void } {
  let upload: Upload | undefined
  const done = new Promise<string>((resolve, reject) => {
    upload = new Upload(file, {
      endpoint: '/api/v1/uploads',
      metadata: { filename: file.name },
      headers: { 'X-Voordeur': '1', 'Accept-Language': getLocale() },
      retryDelays: [0, 1000, 3000, 5000],
      chunkSize: 5_242_880,
      storeFingerprintForResuming: false,
      onProgress: (sent, total) => onProgress(total > 0 ? Math.floor((sent / total) * 100) : 0),
      onSuccess: () => resolve(upload?.url?.split('/').at(-1) ?? ''),
      onError: (error) => {
        const response = 'originalResponse' in error ? error.originalResponse : undefined
        reject(failure(response?.getStatus() ?? 0, response?.getBody() ?? ''))
      },
    })
    upload.start()
  })
  return { done, abort: () => void upload?.abort(true) }
}

function failure(status: number, body: string): UploadFailed {
  try {
    const problem: unknown = JSON.parse(body)
    if (typeof problem === 'object' && problem !== null) {
      const code = 'code' in problem && typeof problem.code === 'string' ? problem.code : ''
      const detail = 'detail' in problem && typeof problem.detail === 'string' ? problem.detail : ''
      return new UploadFailed(status, code, detail)
    }
  } catch {
    // Not a problem document: a proxy in between, or no answer at all.
  }
  return new UploadFailed(status, '', '')
}
