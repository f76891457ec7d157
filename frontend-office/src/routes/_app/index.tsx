import { createFileRoute, redirect } from '@tanstack/react-router'

export const Route = createFileRoute('/_app/')({
  beforeLoad: () => {
    // oxlint-disable-next-line no-throw-literal, typescript/only-throw-error
    throw redirect({ to: '/dossiers' })
  },
})
