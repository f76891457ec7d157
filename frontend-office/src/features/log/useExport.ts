import { useMutation } from '@tanstack/react-query'
import { exportAuditEvents } from '#/api/generated/sdk.gen'
import { queryOf, type LogSearch } from './search'

/** Saves what the filters show as a file. It is a POST, because asking for it is itself written in the log. */
export function useExport(search: LogSearch) {
  return useMutation({
    mutationFn: async (format: 'csv' | 'json') => {
      const { data } = await exportAuditEvents({ body: { format, ...queryOf(search) }, parseAs: 'blob', throwOnError: true })
      const url = URL.createObjectURL(data as unknown as Blob)
      const link = document.createElement('a')
      link.href = url
      link.download = `logboek.${format}`
      link.click()
      // The browser has taken the bytes by the next turn.
      setTimeout(() => URL.revokeObjectURL(url), 0)
    },
  })
}
