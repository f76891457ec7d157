import { t } from '@lingui/core/macro'
import { useState, type ReactNode } from 'react'
import { ApiProblem, isForbidden, isNotFound } from '#/api/problem'
import { moment } from '#/lib/dates'
import { listOf } from '#/lib/text'
import { Button } from './Button'
import { Icon } from './Icon'
import type { IconName } from './icons'

export function Loading({ label = t`Laden` }: { label?: string }) {
  return (
    <div className="loading" role="status">
      <span className="spin" aria-hidden="true" />
      <span>{label}…</span>
    </div>
  )
}

/** Grey lines where rows will be; the first moment of a list. */
export function SkeletonRows({ rows = 6 }: { rows?: number }) {
  return (
    <div className="skeleton" role="status">
      <span className="sr">{t`Laden`}</span>
      {Array.from({ length: rows }, (_, index) => (
        <i key={index} aria-hidden="true" />
      ))}
    </div>
  )
}

export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <span className="empty-mark" aria-hidden="true">
        <Icon name={icon} />
      </span>
      <h2>{title}</h2>
      {children && <div className="empty-text">{children}</div>}
    </div>
  )
}

/** Why a view could not be shown, and the way out. */
export function Failed({ error, retry }: { error: unknown; retry: () => void }) {
  if (isForbidden(error)) {
    return (
      <Empty icon="lock-simple" title={t`Dit mag je niet zien`}>
        <p>{t`Je rol in dit kantoor geeft hier geen toegang toe. Vraag een beheerder als je dit nodig hebt.`}</p>
      </Empty>
    )
  }
  if (isNotFound(error)) {
    return (
      <Empty icon="magnifying-glass" title={t`Dit bestaat niet (meer)`}>
        <p>{t`Misschien is het net weggehaald, of klopt het adres niet.`}</p>
      </Empty>
    )
  }
  return (
    <div role="alert">
      <Empty icon="link-break" title={offline(error) ? t`Geen verbinding` : t`Dit laden lukte niet`}>
        <p>{offline(error) ? t`Controleer je internet en probeer het opnieuw.` : t`Het ligt aan ons. Probeer het zo nog eens.`}</p>
        <Button icon="arrow-counter-clockwise" onClick={retry}>
          {t`Opnieuw proberen`}
        </Button>
      </Empty>
    </div>
  )
}

const offline = (error: unknown) => !(error instanceof ApiProblem) || error.status === 0

/** Someone else saved first: nothing is overwritten, the newest version is one press away, and what was typed stays. */
export function Conflict({ error, onReload }: { error: unknown; onReload: () => unknown }) {
  const [busy, setBusy] = useState(false)
  const last = error instanceof ApiProblem ? error.lastChange : undefined
  const when = last ? moment(last.at) : ''
  return (
    <div className="note note-turn" role="alert">
      <Icon name="info" />
      <div className="grow">
        <b>
          {!last
            ? t`Iemand wijzigde dit net.`
            : last.you
              ? t`Je wijzigde dit zelf in een ander venster (${when}).`
              : t`${last.by} wijzigde dit net (${when}).`}
        </b>{' '}
        {t`Er is niets overschreven. Laad de nieuwste versie; wat jij invulde blijft staan.`}
      </div>
      <Button
        small
        busy={busy}
        onClick={async () => {
          setBusy(true)
          try {
            await onReload()
          } finally {
            setBusy(false)
          }
        }}
      >
        {t`Nieuwste versie laden`}
      </Button>
    </div>
  )
}

/** After the newest version was loaded under what someone typed: what both changed, and the choice between the two. */
export function Merged({ clashes, names, onYield }: { clashes: string[] | undefined; names: Record<string, string>; onYield: () => void }) {
  if (!clashes) return null
  const fields = listOf(clashes.map((key) => names[key] ?? key))
  return (
    <div className="note note-wait" role="status">
      <Icon name="info" />
      <div className="grow">
        {clashes.length === 0
          ? t`Dit is de nieuwste versie, met wat jij invulde.`
          : t`Dit is de nieuwste versie. Ook gewijzigd: ${fields}. Daar staat nu wat jij invulde.`}
      </div>
      {clashes.length > 0 && (
        <Button small onClick={onYield}>
          {t`Neem de andere over`}
        </Button>
      )}
    </div>
  )
}

/** One sentence beside/** One sentence beside the button that failed. */
export function Mistake({ error }: { error: unknown }) {
  if (!error) return null
  return (
    <p className="error" role="alert">
      <Icon name="warning-circle-fill" />
      {mistakeText(error)}
    </p>
  )
}

export function mistakeText(error: unknown): string {
  if (!(error instanceof ApiProblem) || error.status === 0) return t`Geen verbinding. Er is niets gewijzigd; probeer het opnieuw.`
  if (error.code === 'step-up-required') return t`Zonder je wachtwoord of een code gaat dit niet door. Er is niets gewijzigd.`
  if (error.status === 403) return t`Dit mag je niet met jouw rol.`
  if (error.status >= 500) return t`Dit lukte niet. Er is niets gewijzigd; probeer het zo nog eens.`
  return error.errors[0]?.message ?? error.message
}
