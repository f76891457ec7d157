import { useMutation } from '@tanstack/react-query'
import { logoutMutation } from './generated/@tanstack/react-query.gen'
import { ApiProblem } from './problem'

/** Logging out empties the browser (Clear-Site-Data); what was chosen for this device stays. */
export const useLogout = (onLoggedOut?: () => void) =>
  useMutation({
    ...logoutMutation(),
    onMutate: () => ({ ...localStorage }),
    onSuccess: (_data, _variables, kept) => {
      Object.assign(localStorage, kept)
      onLoggedOut?.()
    },
    onError: (error) => {
      // The session had ended already: that is what was wanted.
      const problem: unknown = error
      if (problem instanceof ApiProblem && problem.status === 401) onLoggedOut?.()
    },
  })
