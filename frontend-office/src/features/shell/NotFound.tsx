import { t } from '@lingui/core/macro'
import { Link } from '@tanstack/react-router'
import { Empty } from '#/components/States'
import { useTitle } from '#/lib/hooks'

export function NotFound() {
  useTitle(t`Deze pagina bestaat niet`)
  return (
    <main className="main" id="inhoud">
      <h1 className="sr">{t`Deze pagina bestaat niet`}</h1>
      <Empty icon="magnifying-glass" title={t`Deze pagina bestaat niet`}>
        <Link to="/dossiers" className="btn btn-secondary">
          {t`Naar de dossiers`}
        </Link>
      </Empty>
    </main>
  )
}
