import { useSuspenseQuery } from '@tanstack/react-query'
import { getDossierOptions, getMeOptions } from './generated/@tanstack/react-query.gen'

/** Who is signed in. The route guard has fetched it before any screen is drawn. */
export function useMe() {
  return useSuspenseQuery({ ...getMeOptions(), staleTime: 60_000 }).data
}

export type Right = 'portal.dossier:read' | 'portal.document:read' | 'portal.submission:create'

/** Whether the login may (E3); the server decides, this only hides what it would refuse. */
export function useCan(right: Right): boolean {
  return useMe().permissions.includes(right)
}

/** The dossier that is open: the whole overview in one answer. */
export function useDossier(dossierId: string) {
  return useSuspenseQuery(getDossierOptions({ path: { dossierId } })).data
}
