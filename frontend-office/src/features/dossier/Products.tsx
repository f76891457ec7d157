import { t } from '@lingui/core/macro'
import { useState } from 'react'
import type { Dossier, Product } from '#/api/generated/types.gen'
import { useCan } from '#/api/me'
import { Button } from '#/components/Button'
import { IconButton } from '#/components/Button'
import { Bar, Ring } from '#/components/Progress'
import { Glyph } from '#/components/Status'
import { ProductDialog } from './ProductDialog'

export function Products({ dossier }: { dossier: Dossier }) {
  const mayWrite = useCan('dossier:write') && dossier.status === 'open'
  const [editing, setEditing] = useState<Product | 'new'>()
  return (
    <section aria-labelledby="products">
      <div className="sec-h">
        <h2 id="products">{t`Producten`}</h2>
        {mayWrite && (
          <div className="end">
            <Button variant="quiet" small icon="plus" onClick={() => setEditing('new')}>
              {t`Product`}
            </Button>
          </div>
        )}
      </div>
      <div className="rows products">
        {dossier.products.map((product) => (
          <div key={product.id} className="rrow">
            <Ring percent={product.progress.percent} size={22} />
            <div className="name">
              <b>{product.name}</b>
              <p>
                {product.progress.total === 0
                  ? t`Nog niets gevraagd`
                  : t`${product.progress.handled} van ${product.progress.total} afgerond, ${product.progress.percent}%`}
              </p>
            </div>
            <Bar percent={product.progress.percent} />
            <div className="end">
              {product.toReview > 0 && (
                <span className="status st-wait">
                  <Glyph tone="wait" icon="clock-bold" />
                  {t`${product.toReview} te beoordelen`}
                </span>
              )}
              {product.askedAgain > 0 && (
                <span className="status st-redo">
                  <Glyph tone="redo" icon="arrow-counter-clockwise-bold" />
                  {t`${product.askedAgain} opnieuw gevraagd`}
                </span>
              )}
              {product.openAtCustomer > 0 && (
                <span className="status st-open">
                  <Glyph tone="open" />
                  {t`${product.openAtCustomer} bij klant`}
                </span>
              )}
              {mayWrite && <IconButton icon="pencil-simple" label={t`Wijzig ${product.name}`} small onClick={() => setEditing(product)} />}
            </div>
          </div>
        ))}
      </div>
      {editing && (
        <ProductDialog dossierId={dossier.id} product={editing === 'new' ? undefined : editing} onClose={() => setEditing(undefined)} />
      )}
    </section>
  )
}
