import { useState } from 'react'

/**
 * What someone typed, put on top of what a colleague saved in the meantime: a field that was not touched follows the
 * newest version, a field that was keeps what was typed. Where both changed it, it is a clash.
 */
export function rebase<T extends object>(opened: T, typed: T, newest: T): { draft: T; clashes: (keyof T)[] } {
  const draft = { ...newest }
  const clashes: (keyof T)[] = []
  for (const key of Object.keys(typed) as (keyof T)[]) {
    if (same(typed[key], opened[key])) continue
    draft[key] = typed[key]
    if (!same(newest[key], opened[key]) && !same(newest[key], typed[key])) clashes.push(key)
  }
  return { draft, clashes }
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/**
 * A form on a resource with a version. It keeps the version it opened with: live updates refresh the page behind it, never
 * what is being judged. `load` goes on from the newest version without losing what was typed.
 */
export function useDraft<R extends { version: number }, T extends object>(resource: R | undefined, formOf: (from: R | undefined) => T) {
  const [base, setBase] = useState(() => ({ version: resource?.version ?? 0, form: formOf(resource) }))
  const [draft, setDraft] = useState(base.form)
  const [clashes, setClashes] = useState<(keyof T)[]>()
  return {
    draft,
    version: base.version,
    /** After `load`: the fields that both changed. Before it: undefined. */
    clashes,
    set: (change: Partial<T>) => setDraft((current) => ({ ...current, ...change })),
    load: (newest: R) => {
      const form = formOf(newest)
      setClashes(rebase(base.form, draft, form).clashes)
      setDraft((current) => rebase(base.form, current, form).draft)
      setBase({ version: newest.version, form })
    },
    /** Gives up what was typed in the fields that both changed. */
    yield: () => {
      setDraft((current) => ({ ...current, ...Object.fromEntries((clashes ?? []).map((key) => [key, base.form[key]])) }))
      setClashes([])
    },
  }
}

export type Draft = Pick<ReturnType<typeof useDraft>, 'clashes' | 'yield'>
