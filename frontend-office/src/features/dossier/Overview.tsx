import { t } from '@lingui/core/macro'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Dossier } from '#/api/generated/types.gen'
import { moment } from '#/lib/dates'
import { Products } from './Products'
import { Timeline } from './Timeline'

/** Whose turn it is comes first; figures, products, what happened; beside it who may come in. */
export function Overview({ dossier, turn, portal }: { dossier: Dossier; turn: ReactNode; portal: ReactNode }) {
  const facts = dossier.products.flatMap((product) => product.facts).slice(0, 4)
  return (
    // What scrolls must be reachable by keyboard, also for a role without buttons.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="scroll" tabIndex={0} role="region" aria-label={t`Overzicht`}>
      <div className="cols">
        <div className="c-main">
          {turn}
          {facts.length > 0 && (
            <section aria-labelledby="facts">
              <div className="sec-h">
                <h2 id="facts">{t`Kerngegevens`}</h2>
              </div>
              <dl className="kv4">
                {facts.map((fact) => (
                  <div key={`${fact.label}${fact.value}`}>
                    <dt>{fact.label}</dt>
                    <dd>{fact.value}</dd>
                  </div>
                ))}
              </dl>
            </section>
          )}
          <Products dossier={dossier} />
          <section aria-labelledby="timeline">
            <div className="sec-h">
              <h2 id="timeline">{t`Tijdlijn`}</h2>
              <div className="end">
                <Link to="/dossiers/$dossierId" params={{ dossierId: dossier.id }} search={{ tab: 'timeline' }}>
                  {t`Alles`}
                </Link>
              </div>
            </div>
            <Timeline dossierId={dossier.id} limit={10} />
          </section>
        </div>
        <aside className="c-side" aria-label={t`Klantportaal`}>
          {portal}
          {dossier.toldCustomer && <p className="caption">{t`Laatste mail aan de klant: ${moment(dossier.toldCustomer.lastMailAt)}`}</p>}
        </aside>
      </div>
    </div>
  )
}
