import { t } from '@lingui/core/macro'
import { useRef, useState } from 'react'
import { fileSize } from '#/lib/text'
import { maxUploadBytes, sendFile, UploadFailed } from '#/lib/upload'

/** Why a file is refused before it is sent; what is inside it is judged by the server. */
export function refuse(file: { name: string; size: number }): string | undefined {
  if (file.size === 0) return t`Dit bestand is leeg. Kies een ander.`
  if (file.size > maxUploadBytes) return t`Dit bestand is ${fileSize(file.size)}, het maximum is 25 MB.`
  if (!/\.(pdf|jpe?g|png|heic|docx|xlsx)$/i.test(file.name))
    return t`Dit soort bestand kunnen we niet openen. Kies een PDF, foto, Word- of Excel-bestand.`
  return undefined
}

export function useOneUpload() {
  const [state, setState] = useState<{ file?: File; percent: number; uploadId?: string; mistake?: string }>({ percent: 0 })
  const running = useRef<{ abort: () => void } | undefined>(undefined)

  function start(file: File) {
    running.current?.abort()
    const mistake = refuse(file)
    if (mistake) {
      setState({ file, percent: 0, mistake })
      return
    }
    setState({ file, percent: 0 })
    const sending = sendFile(file, (percent) => setState((now) => (now.file === file ? { ...now, percent } : now)))
    running.current = sending
    sending.done.then(
      (uploadId) => setState((now) => (now.file === file ? { file, percent: 100, uploadId } : now)),
      (error: unknown) => setState((now) => (now.file === file ? { file, percent: 0, mistake: uploadMistake(error) } : now)),
    )
  }

  function clear() {
    running.current?.abort()
    running.current = undefined
    setState({ percent: 0 })
  }

  return { ...state, start, clear }
}

function uploadMistake(error: unknown): string {
  if (!(error instanceof UploadFailed) || error.status === 0)
    return t`Geen verbinding. Kies het bestand nog eens om het opnieuw te proberen.`
  return error.message || t`Dit bestand kunnen we niet aannemen. Kies een ander.`
}
