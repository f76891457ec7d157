import { createFileRoute } from '@tanstack/react-router'
import { NotFound } from '#/features/shell/NotFound'

// What no other route knows, for who is logged in: with the menu beside it. Who is not comes to the login first.
export const Route = createFileRoute('/_app/$')({ component: NotFound })
