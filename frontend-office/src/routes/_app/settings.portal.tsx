import { createFileRoute } from '@tanstack/react-router'
import { BrandingPage } from '#/features/branding/BrandingPage'

export const Route = createFileRoute('/_app/settings/portal')({ component: BrandingPage })
