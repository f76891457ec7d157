import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { ActionPoint } from '#/api/generated/types.gen'
import { useCan } from '#/api/me'
import { Button } from '#/components/Button'
import { Icon } from '#/components/Icon'
import { Conflict, Mistake } from '#/components/States'
import { lookOf, Status } from '#/components/Status'
import { dueTone, longDay, moment } from '#/lib/dates'
import { useHotkeys } from '#/lib/hooks'
import { reasonWord } from '#/lib/words'
import { decider } from './decider'
import { useDecisions } from './decisions'
import { noReason, ReasonFields } from './ReasonFields'

export function DecidePanel({ point, onDecided }: { point: ActionPoint; onDecided: () => void }) {
  const mayReview = useCan('action_point:review')
  const [why, setWhy] = useState(noReason)
  const [missing, setMissing] = useState(false)
  const [askAgain, setAskAgain] = useState(true)
  const decisions = useDecisions(onDecided)
  const isSubmitted = point.state === 'submitted'
  const approve = () => isSubmitted && decisions.approve(point)
  const reject = (again: boolean) => {
    if (!isSubmitted) return
    if (why.reason.trim()) {
      decisions.reject(point, { ...why, reason: why.reason.trim(), askAgain: again })
      return
    }
    setMissing(true)
    document.getElementById('review-reason')?.focus()
  }
  useHotkeys({ g: approve, x: () => reject(askAgain), o: () => reject(true) }, mayReview && isSubmitted)
  const history = point.submissions.toSorted((a, b) => b.round - a.round || b.at.localeCompare(a.at))
  const latest = history[0]
  const submitter = latest?.byFirstName ?? t`De klant`

  return (
    <section className="decide" aria-label={t`Beoordeling`}>
      <div className="b">
        <div>
          <h2>{point.title}</h2>
          <p className="small muted">
            <Link to="/dossiers/$dossierId" params={{ dossierId: point.dossierId }}>
              {point.dossierName}
            </Link>
            {point.productName ? `, ${point.productName}` : ''}
          </p>
        </div>
        {decisions.stale && <Conflict error={decisions.problem} onReload={() => decisions.reload()} />}
        <dl className="kv">
          <dt>{t`Status`}</dt>
          <dd>
            <Status look={lookOf(point)} />
          </dd>
          {latest && (
            <>
              <dt>{t`Poging`}</dt>
              <dd>
                <Trans>
                  {latest.round}, {moment(latest.at)} door {latest.byFirstName}
                </Trans>
              </dd>
            </>
          )}
          {point.forApplicant && (
            <>
              <dt>{t`Voor`}</dt>
              <dd>{point.forApplicant.firstName}</dd>
            </>
          )}
          {point.dueOn && (
            <>
              <dt>{t`Deadline`}</dt>
              <dd className={dueTone(point.dueOn)}>{longDay(point.dueOn)}</dd>
            </>
          )}
        </dl>
        {latest?.remark && (
          <div>
            <div className="sec-h">
              <h2>{t`${latest.byFirstName} schreef erbij`}</h2>
            </div>
            <p className="small quote">{latest.remark}</p>
          </div>
        )}
        {point.explanation && (
          <div>
            <div className="sec-h">
              <h2>{t`Gevraagd`}</h2>
            </div>
            <p className="small muted quote">{point.explanation}</p>
          </div>
        )}
        {(history.length > 1 || latest?.verdict) && (
          <div>
            <div className="sec-h">
              <h2>{t`Eerder`}</h2>
            </div>
            <ol className="tl">
              {history.flatMap((one) => [
                one.verdict && (
                  <li key={`${one.id}-v`}>
                    <span className={`pt ${one.verdict.verdict === 'approved' ? 'ok' : 'turn'}`}>
                      <Icon name={one.verdict.verdict === 'approved' ? 'check' : 'arrow-counter-clockwise'} />
                    </span>
                    <div>
                      {one.verdict.verdict === 'approved' ? (
                        <Trans>
                          Goedgekeurd door <b>{decider(one.verdict)}</b>
                        </Trans>
                      ) : (
                        <Trans>
                          Afgekeurd door <b>{decider(one.verdict)}</b>
                        </Trans>
                      )}
                      {one.verdict.code && one.verdict.code !== 'other' && `, ${reasonWord(one.verdict.code).toLocaleLowerCase()}`}
                      {one.verdict.reason && <q>{one.verdict.reason}</q>}
                    </div>
                    <time dateTime={one.verdict.at}>{moment(one.verdict.at)}</time>
                  </li>
                ),
                one !== latest && (
                  <li key={one.id}>
                    <span className="pt">
                      <Icon name="upload-simple" />
                    </span>
                    <div>
                      <Trans>
                        Poging {one.round} door <b>{one.byFirstName}</b>
                      </Trans>
                    </div>
                    <time dateTime={one.at}>{moment(one.at)}</time>
                  </li>
                ),
              ])}
            </ol>
          </div>
        )}
        {mayReview && isSubmitted && (
          <div className="stack-s">
            <ReasonFields
              id="review-reason"
              value={why}
              onChange={(next) => {
                setWhy(next)
                setMissing(false)
              }}
              error={missing ? t`Zeg waarom, dan weet de klant wat er nodig is` : undefined}
            />
            <label className="check">
              <input type="checkbox" checked={askAgain} onChange={(event) => setAskAgain(event.target.checked)} />
              <span>{t`Na afkeuren meteen opnieuw vragen`}</span>
            </label>
          </div>
        )}
        <Mistake error={decisions.error} />
      </div>
      {isSubmitted &&
        (mayReview ? (
          <footer>
            <Button variant="primary" icon="check" shortcut="G" block busy={decisions.busy} onClick={approve}>
              {t`Goedkeuren`}
            </Button>
            <div className="two">
              <Button icon="arrow-counter-clockwise" shortcut="O" onClick={() => reject(true)}>
                {t`Vraag opnieuw`}
              </Button>
              <Button variant="danger" icon="x" shortcut="X" onClick={() => reject(askAgain)}>
                {t`Afkeuren`}
              </Button>
            </div>
            <p className="caption">{t`${submitter} ziet je keuze meteen in het portaal. Na elke keuze opent de volgende.`}</p>
          </footer>
        ) : (
          <footer>
            <p className="caption">{t`Je kijkt mee: je rol mag niet beoordelen.`}</p>
          </footer>
        ))}
    </section>
  )
}
