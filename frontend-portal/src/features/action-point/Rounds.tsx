import { t } from '@lingui/core/macro'
import type { ActionPoint, Submission } from '#/api/generated/types.gen'
import { useCan } from '#/api/me'
import { DocumentRow } from '#/components/DocumentRow'
import { Icon } from '#/components/Icon'
import { Remark } from '#/components/Remark'
import { day, moment } from '#/lib/dates'
import { reasonText } from '#/lib/reasons'
import { fileSize } from '#/lib/text'
import type { ViewedFile } from '#/lib/viewing'
import { TakeBack } from './TakeBack'

type Props = { point: ActionPoint; office: string; closed: boolean; onView: (file: ViewedFile) => void }

/** Every time something was handed in, newest first: by whom, which files, and what the office said. */
export function Rounds({ point, office, closed, onView }: Props) {
  const mayDeliver = useCan('portal.submission:create')
  const rounds = point.submissions.toSorted((a, b) => b.at.localeCompare(a.at))
  return (
    <ol className="rounds">
      {rounds.map((round, index) => (
        <li key={round.id}>
          <h3>{headText(round)}</h3>
          {round.remark && <p className="said">{round.remark}</p>}
          <ul className="docs">
            {round.files.map((file) => (
              <DocumentRow key={file.documentId} {...file} title={file.filename} meta={fileSize(file.size)} onView={onView} />
            ))}
          </ul>
          <Verdict round={round} latest={index === 0} point={point} />
          {index === 0 && round.mine && point.state === 'submitted' && !closed && mayDeliver && <TakeBack point={point} office={office} />}
        </li>
      ))}
    </ol>
  )
}

function headText(round: Submission): string {
  const by = round.byFirstName
  const at = moment(round.at)
  return t`${by} leverde dit aan: ${at}`
}

function Verdict({ round, latest, point }: { round: Submission; latest: boolean; point: ActionPoint }) {
  const { verdict } = round
  if (!verdict) {
    if (!latest || point.state !== 'submitted') return null
    return (
      <p className="status st-wait">
        <span className="glyph g-wait" aria-hidden="true">
          <Icon name="clock-bold" />
        </span>
        {t`In beoordeling`}
      </p>
    )
  }
  const on = day(verdict.at)
  if (verdict.verdict === 'approved') {
    return (
      <p className="status st-ok">
        <span className="glyph g-ok" aria-hidden="true">
          <Icon name="check-bold" />
        </span>
        {t`Goedgekeurd door ${verdict.byFirstName} op ${on}`}
      </p>
    )
  }
  // The newest reason already stands at the top of the page, with the button to mend it.
  const repeated = latest && point.rejection !== undefined && (point.state === 'open' || point.state === 'rejected')
  return (
    <>
      <p className="status st-stop">
        <span className="glyph g-stop" aria-hidden="true">
          <Icon name="x-bold" />
        </span>
        {t`Afgekeurd door ${verdict.byFirstName} op ${on}`}
      </p>
      {!repeated && (
        <Remark by={verdict.byFirstName} at={verdict.at} tone="stop">
          {reasonText(verdict)}
        </Remark>
      )}
    </>
  )
}
