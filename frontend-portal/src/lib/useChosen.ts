import { getRouteApi } from '@tanstack/react-router'

const app = getRouteApi('/$slug/_app')

/** The dossier that is open; the shell shows a page only when there is one. */
export function useChosen(): string {
  const { chosen } = app.useLoaderData()
  if (!chosen) throw new Error('no dossier is open')
  return chosen
}
