import { useQueryClient, type Query } from '@tanstack/react-query'
import { useEffect } from 'react'
import { isAway, whenAway } from '#/api/again'
import { concerns, parseChange, type Change } from './concerns'

/**
 * One connection per tab. The server says what changed, not to what: every query that change can touch is fetched again
 * if it is on screen. A burst (a page of new action points) becomes one round.
 */
export function useLiveUpdates() {
  const queryClient = useQueryClient()
  useEffect(() => {
    let waiting: Change[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    let dropped = false
    const flush = () => {
      const changes = waiting
      waiting = []
      timer = undefined
      void queryClient.invalidateQueries({ predicate: (query: Query) => changes.some((change) => concerns(change, query.queryKey)) })
    }
    const listen = () => {
      const source = new EventSource('/api/v1/events')
      source.addEventListener('change', (event) => {
        const change = parseChange(event.data)
        if (!change) return
        waiting.push(change)
        timer ??= setTimeout(flush, 120)
      })
      source.addEventListener('error', () => {
        dropped = true
      })
      source.addEventListener('open', () => {
        // What happened while the line was down did not reach us: look at everything on screen once.
        if (dropped) void queryClient.invalidateQueries()
        dropped = false
      })
      return source
    }
    let source = listen()
    // A stream that was refused stays closed: who logs in again gets a new one.
    const forget = whenAway(() => {
      if (isAway() || source.readyState !== EventSource.CLOSED) return
      dropped = true
      source = listen()
    })
    return () => {
      forget()
      source.close()
      clearTimeout(timer)
    }
  }, [queryClient])
}
