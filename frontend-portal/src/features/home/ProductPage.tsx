import { t } from '@lingui/core/macro'
import { useState } from 'react'
import type { ActionPointSummary, DossierOverview, Product, Site } from '#/api/generated/types.gen'
import { useCan } from '#/api/me'
import { Bell } from '#/components/Bell'
import { SharedDocument } from '#/components/SharedDocument'
import { Icon } from '#/components/Icon'
import { People } from '#/components/People'
import { PointRow } from '#/components/PointRow'
import { useTitle } from '#/lib/hooks'
import { fullName, listOf } from '#/lib/text'
import type { ViewedFile } from '#/lib/viewing'
import { productStatusWord } from '#/lib/words'
import { InReview } from './InReview'
import { finished, inReview, yourTurn } from './order'

type Props = {
  site: Site
  dossier: DossierOverview
  product: Product
  onDeliver: (id: string) => void
  onView: (file: ViewedFile) => void
}

/** The tab of a product (B10): its status and facts, what is asked, in review and finished, and what was made available. */
export function ProductPage({ site, dossier, product, onDeliver, onView }: Props) {
  const points = dossier.actionPoints.filter((point) => point.productId === product.id)
  const mayDeliver = useCan('portal.submission:create')
  const turn = yourTurn(points)
  const waiting = inReview(points)
  const done = finished(points)
  const documents = dossier.documents.filter((document) => document.productId === product.id)
  const people = listOf(dossier.applicants.map(fullName))
  useTitle(product.name, site.name)
  return (
    <div className="wrap page two">
      <header className="page-head">
        <h1>{product.name}</h1>
        <p>{product.information || t`Voor ${people}. Alles wat we hiervoor nodig hebben, en alles wat al binnen is.`}</p>
      </header>
      <div className="stack">
        <section className="sec" aria-labelledby="beurt">
          <header>
            <h2 id="beurt">{t`Jouw beurt`}</h2>
            <Bell count={turn.length} />
          </header>
          {turn.length > 0 ? (
            <ul className="todos">
              {turn.map((point, index) => (
                <PointRow
                  key={point.id}
                  point={point}
                  slug={site.slug}
                  open
                  next={index === 0}
                  onDeliver={mayDeliver ? onDeliver : undefined}
                />
              ))}
            </ul>
          ) : (
            <div className="card card-pad calm">
              <h3>{t`Hier hoef je nu niets te doen`}</h3>
              <p>
                {waiting.length > 0
                  ? t`Alles is binnen. We kijken ernaar en laten het hier weten.`
                  : t`Zodra we iets van je nodig hebben, staat het hier.`}
              </p>
            </div>
          )}
        </section>
        <InReview points={waiting} slug={site.slug} />
        {done.length > 0 && <Finished points={done} slug={site.slug} />}
      </div>
      <aside className="stack" aria-label={t`Over ${product.name}`}>
        <section className="sec" aria-labelledby="h-kort">
          <header>
            <h2 id="h-kort">{t`In het kort`}</h2>
          </header>
          <dl className="facts facts-1">
            <div>
              <dt>{t`Stand van zaken`}</dt>
              <dd>{productStatusWord(product.status)}</dd>
            </div>
            {product.facts.map((fact) => (
              <div key={fact.label}>
                <dt>{fact.label}</dt>
                <dd>{fact.value}</dd>
              </div>
            ))}
          </dl>
        </section>
        {documents.length > 0 && (
          <section className="sec" aria-labelledby="h-klaar">
            <header>
              <h2 id="h-klaar">{t`Klaargezet voor je`}</h2>
            </header>
            <ul className="docs">
              {documents.map((document) => (
                <SharedDocument key={document.id} document={document} onView={onView} />
              ))}
            </ul>
          </section>
        )}
        <People site={site} adviser={dossier.adviser} caseHandler={dossier.caseHandler} />
      </aside>
    </div>
  )
}

const shownAtFirst = 3

function Finished({ points, slug }: { points: ActionPointSummary[]; slug: string }) {
  const [all, setAll] = useState(false)
  const more = points.length - shownAtFirst
  return (
    <section className="sec">
      <details className="fold" open>
        <summary>
          <Icon name="caret-right" />
          {t`Afgerond`} <span className="faint">{points.length}</span>
        </summary>
        <ul className="todos">
          {(all ? points : points.slice(0, shownAtFirst)).map((point) => (
            <PointRow key={point.id} point={point} slug={slug} />
          ))}
        </ul>
        {!all && more > 0 && (
          <button type="button" className="btn btn-quiet btn-block" onClick={() => setAll(true)}>
            {t`Toon nog ${more}`}
          </button>
        )}
      </details>
    </section>
  )
}
