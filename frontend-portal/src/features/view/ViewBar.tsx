import { plural, t } from '@lingui/core/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { endViewMutation, getMeOptions } from '#/api/generated/@tanstack/react-query.gen'
import type { Me, MyView } from '#/api/generated/types.gen'
import { Icon } from '#/components/Icon'
import { toast } from '#/components/Toasts'
import { fullName } from '#/lib/text'

/** On top of every screen: who looks along as whom, for how long still, and the way out. It keeps what writes from being pressed. */
export function ViewBar({ me, view }: { me: Me; view: MyView }) {
  const queryClient = useQueryClient()
  // A page of its own: nothing of the customer is left in memory.
  const [now, setNow] = useState(Date.now)
  const end = useMutation({ ...endViewMutation(), onSettled: () => location.replace(`/${me.office.slug}/view?ended=view-stopped`) })
  const left = Math.max(0, Math.ceil((Date.parse(view.expiresAt) - now) / 60_000))
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 5000)
    return () => clearInterval(timer)
  }, [])
  const over = left === 0
  useEffect(() => {
    // The server says that it is over, and why.
    if (over) void queryClient.invalidateQueries({ queryKey: getMeOptions().queryKey })
  }, [over, queryClient])
  useEffect(() => {
    const keep = (event: Event) => {
      if (!event.composedPath().some((at) => at instanceof Element && at.getAttribute('aria-describedby') === 'looking')) return
      event.preventDefault()
      event.stopPropagation()
      toast(t`Je kijkt mee: je kunt niets wijzigen.`)
    }
    document.addEventListener('click', keep, true)
    return () => document.removeEventListener('click', keep, true)
  }, [])
  return (
    <section className="readonly-bar" aria-label={t`Meekijken`}>
      <Icon name="eye" />
      <p id="looking">
        {t`${view.by}, je kijkt mee als`} <b>{fullName(me)}</b>. {t`Je kunt niets wijzigen.`}
      </p>
      <p>{plural(left, { one: 'Nog # minuut', other: 'Nog # minuten' })}</p>
      <button type="button" className="link" aria-busy={end.isPending || undefined} onClick={() => !end.isPending && end.mutate({})}>
        {t`Stoppen`}
      </button>
      <a href={view.backUrl}>{t`Terug naar het dossier`}</a>
    </section>
  )
}
