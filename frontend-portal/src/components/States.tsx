import { t } from '@lingui/core/macro'
import { Link, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { ApiProblem, isForbidden, isNotFound } from '#/api/problem'
import { Button } from './Button'
import { Icon } from './Icon'

/** Grey lines in the shape of what is coming; said once to a screen reader. */
export function Loading() {
  return (
    <div className="wrap page loading" role="status">
      <span className="sr">{t`Bezig met laden`}</span>
      <div className="skeleton skeleton-title" aria-hidden="true" />
      <div className="skeleton" aria-hidden="true" />
      <div className="skeleton" aria-hidden="true" />
    </div>
  )
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <h3>{title}</h3>
      {children}
    </div>
  )
}

const offline = (error: unknown) => !(error instanceof ApiProblem) || error.status === 0

/** Why a page could not be shown, and the way out. */
export function Failed({ error, retry }: { error: unknown; retry: () => void }) {
  const { slug } = useParams({ strict: false })
  const [title, text] = isNotFound(error)
    ? [t`Dit staat er niet (meer)`, t`Misschien is het net weggehaald. Ga terug naar je overzicht.`]
    : isForbidden(error)
      ? [t`Dit mag je niet zien`, t`Met deze login kun je dit onderdeel niet openen. Bel ons als dat niet klopt.`]
      : offline(error)
        ? [t`Geen verbinding`, t`Controleer je internet. We proberen het graag opnieuw.`]
        : [t`Dit lukte niet`, t`Het ligt aan ons. Probeer het zo nog eens.`]
  return (
    <div className="wrap page" role="alert">
      <div className="card card-pad state">
        <Icon name={offline(error) ? 'link-break' : 'info'} />
        <h1>{title}</h1>
        <p>{text}</p>
        {isNotFound(error) && slug ? (
          <Link className="btn btn-secondary" to="/$slug" params={{ slug }}>
            {t`Naar je overzicht`}
          </Link>
        ) : (
          <Button onClick={retry}>{t`Opnieuw proberen`}</Button>
        )}
      </div>
    </div>
  )
}

/** One sentence beside what failed: what is wrong and what helps. */
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
  if (offline(error)) return t`Geen verbinding. Er is niets verstuurd; probeer het zo opnieuw.`
  const problem = error as ApiProblem
  if (problem.status === 429) return pause(problem.retryAfter)
  if (problem.status >= 500) return t`Dit lukte niet, het ligt aan ons. Probeer het zo nog eens.`
  if (problem.code === 'step-up-required') return t`Zonder die controle gaat dit niet door. Er is niets gewijzigd.`
  return problem.errors[0]?.message ?? problem.message
}

export function pause(seconds: number | undefined): string {
  const minutes = Math.max(1, Math.ceil((seconds ?? 60) / 60))
  return minutes === 1
    ? t`Even pauze: over een minuut kun je het opnieuw proberen.`
    : t`Even pauze: over ${minutes} minuten kun je het opnieuw proberen.`
}
