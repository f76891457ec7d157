import { plural, t } from '@lingui/core/macro'
import { Link } from '@tanstack/react-router'
import type { ActionPoint, DossierOverview, Site } from '#/api/generated/types.gen'
import { useCan } from '#/api/me'
import { Button } from '#/components/Button'
import { Icon } from '#/components/Icon'
import { PointGlyph, PointState } from '#/components/PointGlyph'
import { Remark } from '#/components/Remark'
import { dueTone, longDay } from '#/lib/dates'
import { useTitle } from '#/lib/hooks'
import { writes } from '#/lib/looking'
import { reasonText } from '#/lib/reasons'
import type { ViewedFile } from '#/lib/viewing'
import { Rounds } from './Rounds'

type Props = {
  site: Site
  actionPoint: ActionPoint
  dossier: DossierOverview
  onDeliver: () => void
  onView: (file: ViewedFile) => void
}

/** One action point (C1): what is asked, what came of it, and everything that was handed in before. */
export function ActionPointPage({ site, actionPoint: point, dossier, onDeliver, onView }: Props) {
  const product = dossier.products.find((one) => one.id === point.productId)
  const open = useCan('portal.submission:create') && point.state === 'open' && dossier.status === 'open'
  const rounds = point.submissions.length
  const slug = site.slug
  useTitle(point.title, site.name)
  return (
    <div className="wrap page point-page">
      <header className="page-head">
        <p className="back">
          {product ? (
            <Link to="/$slug/products/$productId" params={{ slug, productId: product.id }}>
              <Icon name="caret-left" small />
              {product.name}
            </Link>
          ) : (
            <Link to="/$slug" params={{ slug }}>
              <Icon name="caret-left" small />
              {t`Mijn overzicht`}
            </Link>
          )}
        </p>
        <h1>{point.title}</h1>
        <p className="point-meta">
          <span className="point-state">
            <PointGlyph point={point} />
            <PointState point={point} />
          </span>
          <span>{point.forApplicant ? t`Voor ${point.forApplicant.firstName}` : forAll(dossier)}</span>
          <Deadline point={point} />
        </p>
      </header>
      <section className="card card-pad asked" aria-label={t`Wat we vragen`}>
        {point.rejection && (point.state === 'open' || point.state === 'rejected') && (
          <Remark by={point.rejection.byFirstName} at={point.rejection.at} tone={point.state === 'open' ? 'turn' : 'stop'}>
            {reasonText(point.rejection)}
          </Remark>
        )}
        {point.explanation && <p className="text">{point.explanation}</p>}
        <p className="muted">{nextStep(point, dossier)}</p>
        {open && (
          <div className="btn-row">
            <Button variant="primary" icon="upload-simple" {...writes()} onClick={onDeliver}>
              {t`Nu aanleveren`}
            </Button>
          </div>
        )}
      </section>
      {rounds > 0 && (
        <section className="sec" aria-labelledby="rounds">
          <header>
            <h2 id="rounds">{plural(rounds, { one: 'Wat is aangeleverd', other: 'Wat is aangeleverd, # keer' })}</h2>
          </header>
          <Rounds point={point} office={site.name} closed={dossier.status === 'closed'} onView={onView} />
        </section>
      )}
    </div>
  )
}

const forAll = (dossier: DossierOverview) => (dossier.applicants.length > 1 ? t`Voor jullie samen` : t`Voor jou`)

function Deadline({ point }: { point: ActionPoint }) {
  if (point.state !== 'open' || !point.dueOn) return null
  const due = longDay(point.dueOn)
  const tone = dueTone(point.dueOn)
  if (tone === 'late') return <span className="late">{t`Had ${due} binnen moeten zijn`}</span>
  return <span className={tone === 'soon' ? 'due' : ''}>{t`Vóór ${due}`}</span>
}

/** Whose turn it is, in one sentence. */
function nextStep(point: ActionPoint, dossier: DossierOverview): string {
  const adviser = dossier.adviser.firstName
  if (point.state === 'open' && dossier.status === 'closed') return t`Dit dossier is afgesloten. Je kunt niets meer aanleveren.`
  switch (point.state) {
    case 'open':
      return t`Daarna kijkt ${adviser} ernaar.`
    case 'submitted':
      return t`${adviser} kijkt ernaar. Je hoeft nu niets te doen.`
    case 'approved':
      return t`Dit is in orde. Je hoeft niets meer te doen.`
    case 'rejected':
      return t`Je hoeft dit niet opnieuw aan te leveren. Vragen? Bel of mail ${adviser}.`
    case 'cancelled':
      return t`Dit is niet meer nodig.`
  }
}
