import { lazy, Suspense, useSyncExternalStore } from 'react'
import { isAsked, whenAsked } from '#/api/stepUp'

const StepUpSheet = lazy(async () => ({ default: (await import('./StepUpSheet')).StepUpSheet }))

/** Appears by itself when a request wants the password of a moment ago, and lets it go on. */
export function StepUp() {
  return useSyncExternalStore(whenAsked, isAsked) ? (
    <Suspense fallback={null}>
      <StepUpSheet />
    </Suspense>
  ) : null
}
