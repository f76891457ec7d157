import { t } from '@lingui/core/macro'
import { useQueryClient } from '@tanstack/react-query'
import { createFileRoute, Link, useRouter } from '@tanstack/react-router'
import { LoginPage } from '#/features/session/LoginPage'
import { providerLogout } from '#/lib/provider'

export const Route = createFileRoute('/login')({
  validateSearch: (search: Record<string, unknown>): { next?: string; fresh?: boolean } => {
    // Only a path of this app: an address from elsewhere never becomes a destination.
    const next = search['next']
    return {
      ...(typeof next === 'string' && /^\/(?!\/|\\|login)/.test(next) ? { next } : {}),
      ...(search['fresh'] === true ? { fresh: true } : {}),
    }
  },
  component: Page,
})

function Page() {
  const { next, fresh } = Route.useSearch()
  const router = useRouter()
  const queryClient = useQueryClient()
  return (
    <LoginPage
      fresh={fresh ?? false}
      forgot={
        <div className="stack-s">
          {providerLogout.url && (
            <p className="note note-wait">
              <span>
                {t`Hier ben je uitgelogd. Bij je kantooraccount nog niet.`} <a href={providerLogout.url}>{t`Log daar ook uit`}</a>
              </span>
            </p>
          )}
          <Link className="btn btn-secondary btn-block" to="/sso">
            {t`Inloggen met je kantooraccount`}
          </Link>
          <Link className="btn btn-quiet btn-block" to="/forgot">
            {t`Wachtwoord vergeten`}
          </Link>
        </div>
      }
      onDone={() => {
        queryClient.clear()
        router.history.push(next ?? '/dossiers')
      }}
    />
  )
}
