import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { looksAlong } from '#/lib/looking'

// What the office's work on a dossier can change on a screen of the portal.
const shown = new Set(['getDossier', 'listDossiers', 'getActionPoint', 'listDocuments', 'getMe'])

/** One connection per tab (F2). The stream says that something changed; what is on screen is fetched again. */
export function useLiveUpdates() {
  const queryClient = useQueryClient()
  useEffect(() => {
    const source = new EventSource(`/api/v1/portal/events${looksAlong() ? '?view=1' : ''}`)
    let timer: ReturnType<typeof setTimeout> | undefined
    let dropped = false
    const refresh = () => {
      // A burst (five action points at once) becomes one round.
      timer ??= setTimeout(() => {
        timer = undefined
        void queryClient.invalidateQueries({
          predicate: (query) => shown.has(String((query.queryKey[0] as { _id?: string } | undefined)?._id)),
        })
      }, 120)
    }
    source.addEventListener('change', refresh)
    source.addEventListener('resync', refresh)
    source.addEventListener('error', () => {
      dropped = true
    })
    source.addEventListener('open', () => {
      if (dropped) refresh()
      dropped = false
    })
    return () => {
      source.close()
      clearTimeout(timer)
    }
  }, [queryClient])
}
