import { plural, t } from '@lingui/core/macro'
import type { DossierOverview } from '#/api/generated/types.gen'
import { phases, phaseWord } from '#/lib/words'

/** How far the dossier is (B7): the share of what is handled, and the phase it is in. */
export function ProgressCard({ dossier }: { dossier: DossierOverview }) {
  const { percent, handled, total } = dossier.progress
  const now = phases.indexOf(dossier.phase)
  const closed = dossier.status === 'closed'
  const step = now + 1
  const phase = phaseWord(dossier.phase).toLowerCase()
  return (
    <section className="sec" aria-labelledby="h-vg">
      <header>
        <h2 id="h-vg">{t`Zo ver zijn we`}</h2>
      </header>
      <div className="card progress-card">
        <div className="progress-top">
          <span className="big" aria-live="polite">
            {percent}
            <small>%</small>
          </span>
          <p>
            <b>{closed ? t`Afgesloten` : t`Fase ${step} van ${phases.length}: ${phase}`}</b>
            {total === 0
              ? t`Er is nog niets gevraagd`
              : plural(total, {
                  one: `${handled} van het ene actiepunt is afgerond`,
                  other: `${handled} van de # actiepunten zijn afgerond`,
                })}
          </p>
        </div>
        <ol className="phases" aria-label={t`Fasen`}>
          {phases.map((one, index) => (
            <li
              key={one}
              className={closed || index < now ? 'done' : index === now ? 'now' : ''}
              aria-current={!closed && index === now ? 'step' : undefined}
            >
              <div className="bar">
                <span style={{ width: closed || index < now ? '100%' : index === now ? '50%' : '0%' }} />
              </div>
              <span className="name">{phaseWord(one)}</span>
            </li>
          ))}
        </ol>
      </div>
    </section>
  )
}
