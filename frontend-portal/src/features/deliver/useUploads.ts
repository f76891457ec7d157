import { useCallback, useEffect, useRef, useState } from 'react'
import { isHeic } from '#/lib/files'
import { randomKey } from '#/lib/random'
import type { Sending } from '#/lazy/upload'
import { checkFile, failureText, maxFiles } from './checks'

export type Item = {
  key: string
  file: File
  state: 'queued' | 'sending' | 'waiting' | 'ready' | 'failed'
  sent: number
  /** Seconds to go, once there is something to reckon with. */
  left?: number
  uploadId?: string
  message?: string
  canRetry?: boolean
  signedOut?: boolean
}

const atOnce = 3

/** The files of one delivery: checked, sent three at a time, and each with what became of it. */
export function useUploads() {
  const [items, setItems] = useState<Item[]>([])
  const [tooMany, setTooMany] = useState(false)
  const sendings = useRef(new Map<string, Sending>())
  const started = useRef(new Set<string>())
  const kept = useRef(false)

  const change = useCallback((key: string, next: Partial<Item>) => {
    setItems((now) => now.map((item) => (item.key === key ? { ...item, ...next } : item)))
  }, [])

  const send = useCallback(
    async (key: string, chosen: File) => {
      let sendFile
      let file = chosen
      try {
        ;({ sendFile } = await import('#/lazy/upload'))
        if (isHeic(chosen.name)) {
          const { asJpeg } = await import('#/lazy/photo')
          file = (await asJpeg(chosen)) ?? chosen
          change(key, { file })
        }
      } catch {
        started.current.delete(key)
        change(key, { state: 'failed', message: failureText({ status: 0, code: '', message: '' }), canRetry: true })
        return
      }
      if (!started.current.has(key)) return
      const since = Date.now()
      const sending = sendFile(file, {
        onProgress: (sent) => {
          const seconds = (Date.now() - since) / 1000
          const left = sent > 0 && seconds >= 2 ? Math.ceil((seconds / sent) * (file.size - sent)) : undefined
          change(key, { state: 'sending', sent, ...(left ? { left } : {}) })
        },
        onWaiting: () => change(key, { state: 'waiting' }),
        onDone: (uploadId) => change(key, { state: 'ready', uploadId, sent: file.size }),
        onFailed: (failure) =>
          change(key, {
            state: 'failed',
            message: failureText(failure),
            canRetry: failure.status === 0 || failure.status >= 500,
            signedOut: failure.status === 401,
          }),
      })
      sendings.current.set(key, sending)
    },
    [change],
  )

  useEffect(() => {
    const busy = items.filter((item) => item.state === 'sending').length
    const next = items.filter((item) => item.state === 'queued' && !started.current.has(item.key)).slice(0, Math.max(0, atOnce - busy))
    for (const item of next) {
      started.current.add(item.key)
      change(item.key, { state: 'sending' })
      void send(item.key, item.file)
    }
  }, [items, change, send])

  // Who leaves without handing in leaves nothing behind.
  useEffect(() => {
    const all = sendings.current
    const begun = started.current
    return () => {
      begun.clear()
      if (kept.current) return
      for (const sending of all.values()) sending.abort()
      all.clear()
    }
  }, [])

  const add = (files: Iterable<File>) => {
    const chosen = [...files]
    const room = maxFiles - items.length
    setTooMany(chosen.length > room)
    setItems([
      ...items,
      ...chosen.slice(0, Math.max(0, room)).map((file): Item => {
        const message = checkFile(file)
        return { key: randomKey(), file, sent: 0, ...(message ? { state: 'failed', message } : { state: 'queued' }) }
      }),
    ])
  }

  const remove = (key: string) => {
    sendings.current.get(key)?.abort()
    sendings.current.delete(key)
    started.current.delete(key)
    setTooMany(false)
    setItems((now) => now.filter((item) => item.key !== key))
  }

  const retry = (key: string) => {
    const sending = sendings.current.get(key)
    if (sending) {
      change(key, { state: 'sending', canRetry: false })
      sending.resume()
    } else {
      change(key, { state: 'queued', canRetry: false })
    }
  }

  /** The server could not use these after all. */
  const fail = (messages: Record<string, string>) => {
    setItems((now) =>
      now.map((item) => {
        const message = item.uploadId && messages[item.uploadId]
        return message ? { ...item, state: 'failed', message, canRetry: false } : item
      }),
    )
  }

  /** Handed in: the files stay with the server. */
  const keep = () => {
    kept.current = true
  }

  return { items, tooMany, add, remove, retry, fail, keep }
}
