import { useSuspenseQuery } from '@tanstack/react-query'
import { getMeOptions } from './generated/@tanstack/react-query.gen'

/** Who is signed in. The route guard has fetched it before any screen is drawn, so there is no waiting here. */
export function useMe() {
  return useSuspenseQuery({ ...getMeOptions(), staleTime: 60_000 }).data
}

/** Whether the signed-in person may; the server decides, this only hides what it would refuse. */
export function useCan(permission: string): boolean {
  return useMe().permissions.includes(permission)
}
