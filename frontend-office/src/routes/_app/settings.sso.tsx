import { createFileRoute } from '@tanstack/react-router'
import { SsoSettingsPage } from '#/features/staff/SsoSettingsPage'

export const Route = createFileRoute('/_app/settings/sso')({ component: SsoSettingsPage })
