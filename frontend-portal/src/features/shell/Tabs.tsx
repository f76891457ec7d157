import { t } from '@lingui/core/macro'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import type { DossierOverview } from '#/api/generated/types.gen'
import { useCan } from '#/api/me'
import { Bell } from '#/components/Bell'

/** The parts of a dossier (B4), each with its bell (B5). The current one is scrolled into view on a phone. */
export function Tabs({ slug, dossier }: { slug: string; dossier: DossierOverview }) {
  const mayRead = useCan('portal.document:read')
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView?.({ inline: 'center', block: 'nearest' })
  })
  const loose = dossier.actionPoints.filter((point) => point.state === 'open' && !point.productId).length
  return (
    <nav className="tabs" aria-label={t`Onderdelen van je dossier`}>
      <div className="wrap">
        <ul ref={list}>
          <li>
            <Link to="/$slug" params={{ slug }} activeOptions={{ exact: true, includeSearch: false }}>
              {t`Mijn overzicht`}
              <Bell count={loose} />
            </Link>
          </li>
          {dossier.products.map((product) => (
            <li key={product.id}>
              <Link to="/$slug/products/$productId" params={{ slug, productId: product.id }} activeOptions={{ includeSearch: false }}>
                {product.name}
                <Bell count={product.openCount} />
              </Link>
            </li>
          ))}
          {mayRead && (
            <li>
              <Link to="/$slug/documents" params={{ slug }} activeOptions={{ includeSearch: false }}>
                {t`Belangrijke documenten`}
              </Link>
            </li>
          )}
        </ul>
      </div>
    </nav>
  )
}
