import { useSuspenseQuery } from '@tanstack/react-query'
import { getSiteOptions } from './generated/@tanstack/react-query.gen'
import './http'

export const siteOptions = (slug: string) => ({ ...getSiteOptions({ query: { office: slug } }), staleTime: 300_000 })

/** The office whose door this is. The route has fetched it before any screen is drawn. */
export function useSite(slug: string) {
  return useSuspenseQuery(siteOptions(slug)).data
}
