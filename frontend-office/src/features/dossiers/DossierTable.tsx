import { t } from '@lingui/core/macro'
import { Link, useNavigate } from '@tanstack/react-router'
import { Fragment, useState } from 'react'
import type { DossierSummary } from '#/api/generated/types.gen'
import { Bell } from '#/components/Bell'
import { Icon } from '#/components/Icon'
import type { IconName } from '#/components/icons'
import { Avatars } from '#/components/People'
import { Ring } from '#/components/Progress'
import { ago, day, dueTone } from '#/lib/dates'
import { useHotkeys } from '#/lib/hooks'
import { fullName } from '#/lib/text'
import { phaseWord, portalWord } from '#/lib/words'
import { groupByTurn } from './groups'

const portalIcons = {
  active: 'check-circle',
  invited: 'paper-plane-tilt',
  link_expired: 'link-break',
  none: 'minus',
} as const satisfies Record<DossierSummary['portalState'], IconName>

/** The list, grouped by whose turn it is. J and K walk through it, Enter opens. */
export function DossierTable({ dossiers }: { dossiers: DossierSummary[] }) {
  const navigate = useNavigate()
  const [cursor, setCursor] = useState(-1)
  const [folded, setFolded] = useState<string[]>([])
  const groups = groupByTurn(dossiers)
  const visible = groups.flatMap((group) => (folded.includes(group.key) ? [] : group.items))
  const move = (step: number) => {
    const next = Math.min(visible.length - 1, Math.max(0, cursor + step))
    setCursor(next)
    const row = document.getElementById(`row-${visible[next]?.id}`)
    row?.scrollIntoView({ block: 'nearest' })
    row?.querySelector('a')?.focus({ preventScroll: true })
  }
  const open = (dossier: DossierSummary | undefined) => {
    if (dossier) void navigate({ to: '/dossiers/$dossierId', params: { dossierId: dossier.id } })
  }
  useHotkeys({ j: () => move(1), k: () => move(-1), enter: () => open(visible[cursor]) })
  const names = { test: t`Testklant`, office: t`Jij bent aan zet`, customer: t`Wacht op klant`, none: t`Loopt`, closed: t`Afgesloten` }

  return (
    <table className="grid">
      <thead>
        <tr>
          <th scope="col">{t`Klant`}</th>
          <th scope="col">{t`Producten`}</th>
          <th scope="col">{t`Fase`}</th>
          <th scope="col">{t`Voortgang`}</th>
          <th scope="col">{t`Voor jou`}</th>
          <th scope="col">{t`Bij klant`}</th>
          <th scope="col">{t`Team`}</th>
          <th scope="col">{t`Portaal`}</th>
          <th scope="col">{t`Deadline`}</th>
          <th scope="col" className="num">{t`Activiteit`}</th>
        </tr>
      </thead>
      <tbody>
        {groups.map((group) => {
          const closed = folded.includes(group.key)
          return (
            <Fragment key={group.key}>
              <tr className="group">
                <td colSpan={10}>
                  <button
                    type="button"
                    className="cellrow"
                    aria-expanded={!closed}
                    onClick={() => setFolded(closed ? folded.filter((key) => key !== group.key) : [...folded, group.key])}
                  >
                    <Icon name={closed ? 'caret-right' : 'caret-down'} />
                    <b>{names[group.key]}</b>
                    {group.key !== 'test' && group.items.length}
                  </button>
                </td>
              </tr>
              {!closed &&
                group.items.map((dossier) => (
                  <DossierRow
                    key={dossier.id}
                    dossier={dossier}
                    isCursor={visible[cursor]?.id === dossier.id}
                    onOpen={() => open(dossier)}
                  />
                ))}
            </Fragment>
          )
        })}
      </tbody>
    </table>
  )
}

function DossierRow({ dossier, isCursor, onOpen }: { dossier: DossierSummary; isCursor: boolean; onOpen: () => void }) {
  const team = [dossier.adviser, ...(dossier.caseHandler ? [dossier.caseHandler] : [])].map(fullName)
  const portalTone = dossier.portalState === 'active' ? ' ok' : dossier.portalState === 'link_expired' ? ' late' : ''
  return (
    // The link in the first cell is the control; the row only makes the target wider for a mouse.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <tr
      id={`row-${dossier.id}`}
      data-href=""
      className={isCursor ? 'is-cursor' : ''}
      onClick={(event) => event.target instanceof Element && !event.target.closest('a, button') && onOpen()}
    >
      <td className="lead">
        <span className="lead-cell">
          <Link to="/dossiers/$dossierId" params={{ dossierId: dossier.id }}>
            {dossier.name}
          </Link>
          <span className="mono faint">{dossier.reference}</span>
          {dossier.isTest && (
            <span className="tag tag-wait">
              <Icon name="flask" small />
              {t`Test`}
            </span>
          )}
        </span>
      </td>
      <td className="muted wrap" data-label={t`Producten`}>
        {dossier.products.join(', ')}
      </td>
      <td className="muted" data-label={t`Fase`}>
        {phaseWord(dossier.phase)}
      </td>
      <td data-label={t`Voortgang`}>
        <span className="cellrow">
          <Ring percent={dossier.progress.percent} />
          {dossier.progress.percent}%
        </span>
      </td>
      <td data-label={t`Voor jou`}>{dossier.toReview > 0 ? <Bell count={dossier.toReview} /> : <span className="faint">0</span>}</td>
      <td className={dossier.openAtCustomer === 0 ? 'faint' : ''} data-label={t`Bij klant`}>
        {t`${dossier.openAtCustomer} open`}
      </td>
      <td data-label={t`Team`}>
        <Avatars names={team} />
      </td>
      <td data-label={t`Portaal`}>
        <span className={`cellrow${portalTone}`}>
          <Icon name={portalIcons[dossier.portalState]} />
          {portalWord(dossier.portalState)}
        </span>
      </td>
      <td className={dossier.nextDueOn ? dueTone(dossier.nextDueOn) : 'faint'} data-label={t`Deadline`}>
        {dossier.nextDueOn ? day(dossier.nextDueOn) : t`geen`}
      </td>
      <td className="faint num" data-label={t`Activiteit`}>
        {ago(dossier.activityAt)}
      </td>
    </tr>
  )
}
