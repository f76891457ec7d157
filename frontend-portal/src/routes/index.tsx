import { createFileRoute } from '@tanstack/react-router'
import { NoOffice } from '#/features/shell/NoOffice'

export const Route = createFileRoute('/')({ component: NoOffice })
