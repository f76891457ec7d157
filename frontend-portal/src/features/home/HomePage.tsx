import { t } from '@lingui/core/macro'
import { Link } from '@tanstack/react-router'
import type { DossierOverview, Me, Site } from '#/api/generated/types.gen'
import { useCan } from '#/api/me'
import { Bell } from '#/components/Bell'
import { SharedDocument } from '#/components/SharedDocument'
import { People } from '#/components/People'
import { PointRow } from '#/components/PointRow'
import { Street } from '#/components/Street'
import { useTitle } from '#/lib/hooks'
import type { ViewedFile } from '#/lib/viewing'
import { InReview } from './InReview'
import { inReview, yourTurn } from './order'
import { ProgressCard } from './ProgressCard'

type Props = { site: Site; me: Me; dossier: DossierOverview; onDeliver: (id: string) => void; onView: (file: ViewedFile) => void }

/** Mijn overzicht (B6): whose turn it is, how far we are, who helps. */
export function HomePage({ site, me, dossier, onDeliver, onView }: Props) {
  const mayDeliver = useCan('portal.submission:create')
  const turn = yourTurn(dossier.actionPoints)
  const waiting = inReview(dossier.actionPoints)
  const productName = (id: string | undefined) => dossier.products.find((product) => product.id === id)?.name
  const first = turn[0]?.id
  const name = (site.formOfAddress === 'formal' && me.salutation) || me.firstName
  useTitle(turn.length > 0 ? t`(${turn.length}) Mijn overzicht` : t`Mijn overzicht`, site.name)
  return (
    <>
      <div className="threshold">
        <div className="wrap">
          <h1>{t`Dag ${name}`}</h1>
          <p>
            {dossier.status === 'closed'
              ? t`Fijn dat je er bent. Alles van je dossier vind je hier terug.`
              : dossier.subject
                ? t`Fijn dat je er bent. Stap voor stap regelen we samen ${dossier.subject}.`
                : t`Fijn dat je er bent. Stap voor stap regelen we het samen.`}
          </p>
        </div>
        {site.headerImage === 'street' && <Street fit="xMaxYMax meet" />}
      </div>
      <div className="wrap page two">
        <div className="stack">
          <section className="sec" aria-labelledby="beurt">
            <header>
              <h2 id="beurt">{t`Jouw beurt`}</h2>
              <Bell count={turn.length} />
            </header>
            {turn.length > 0 && !mayDeliver && <p className="muted">{t`Met deze login kijk je mee. Aanleveren doet iemand anders.`}</p>}
            {turn.length > 0 ? (
              <ul className="todos">
                {turn.map((point) => (
                  <PointRow
                    key={point.id}
                    point={point}
                    slug={site.slug}
                    product={productName(point.productId)}
                    open={point.id === first}
                    next={point.id === first}
                    onDeliver={mayDeliver ? onDeliver : undefined}
                  />
                ))}
              </ul>
            ) : (
              <div className="card card-pad calm">
                <h3>{waiting.length > 0 ? t`${dossier.adviser.firstName} is aan de beurt` : t`Je hoeft nu niets te doen`}</h3>
                <p>
                  {dossier.status === 'closed'
                    ? t`Dit dossier is afgesloten. Je documenten blijven hier staan.`
                    : waiting.length > 0
                      ? t`Alles is binnen. We kijken ernaar en laten het hier weten.`
                      : t`Zodra we iets van je nodig hebben, staat het hier.`}
                </p>
              </div>
            )}
          </section>
          <InReview points={waiting} slug={site.slug} productName={productName} />
          <ProgressCard dossier={dossier} />
          {dossier.documents.length > 0 && (
            <section className="sec" aria-labelledby="h-doc">
              <header>
                <h2 id="h-doc">{t`Klaargezet voor je`}</h2>
                <Link className="end" to="/$slug/documents" params={{ slug: site.slug }}>
                  {t`Alle documenten`}
                </Link>
              </header>
              <ul className="docs">
                {dossier.documents.slice(0, 4).map((document) => (
                  <SharedDocument key={document.id} document={document} product={productName(document.productId)} onView={onView} />
                ))}
              </ul>
            </section>
          )}
        </div>
        <aside className="stack" aria-label={t`Contact`}>
          <People site={site} adviser={dossier.adviser} caseHandler={dossier.caseHandler} />
        </aside>
      </div>
    </>
  )
}
