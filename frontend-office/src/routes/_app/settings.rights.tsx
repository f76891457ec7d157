import { createFileRoute } from '@tanstack/react-router'
import { RightsPage } from '#/features/staff/RightsPage'

export const Route = createFileRoute('/_app/settings/rights')({ component: RightsPage })
