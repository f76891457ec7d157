import { t } from '@lingui/core/macro'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { getActionPointOptions } from '#/api/generated/@tanstack/react-query.gen'
import type { Submission } from '#/api/generated/types.gen'
import { FileViewer } from '#/components/FileViewer'
import { Icon } from '#/components/Icon'
import { Failed, Loading } from '#/components/States'
import { moment } from '#/lib/dates'
import { reasonWord } from '#/lib/words'
import { DecidePanel } from './DecidePanel'

/** One action point under review: what came in, beside it the attempt before when asked for, and the decision. */
export function Reviewed({ id, onDecided }: { id: string; onDecided: () => void }) {
  const query = useQuery(getActionPointOptions({ path: { actionPointId: id } }))
  const [comparing, setComparing] = useState(false)
  if (query.isPending) return <Loading />
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />
  const point = query.data
  // The newest delivery is what is judged; the list may come in either order.
  const [latest, previous] = point.submissions.toSorted((a, b) => b.round - a.round || b.at.localeCompare(a.at))
  return (
    <>
      {previous && comparing && (
        <FileViewer
          key={previous.id}
          files={previous.files}
          label={t`Poging ${previous.round}`}
          head={<Verdict submission={previous} />}
          className="before"
        />
      )}
      <FileViewer
        key={latest?.id ?? 'none'}
        files={latest?.files ?? []}
        none={t`Nog niets aangeleverd`}
        actions={
          previous && (
            <button type="button" className="btn btn-quiet btn-sm" aria-pressed={comparing} onClick={() => setComparing(!comparing)}>
              <Icon name="split-horizontal" />
              {t`Vergelijk met poging ${previous.round}`}
            </button>
          )
        }
      />
      <DecidePanel point={point} onDecided={onDecided} />
    </>
  )
}

/** Why the attempt before was not good, above what it was. */
function Verdict({ submission }: { submission: Submission }) {
  const verdict = submission.verdict
  const sent = t`Poging ${submission.round}, ${moment(submission.at)} door ${submission.byFirstName}`
  return (
    <div className="before-head">
      <b>{sent}</b>
      {verdict?.verdict === 'rejected' && (
        <p className="quote">
          {verdict.code && verdict.code !== 'other' ? `${reasonWord(verdict.code)}. ` : ''}
          {verdict.reason}
        </p>
      )}
    </div>
  )
}
