import { t } from '@lingui/core/macro'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { getMeOptions } from '#/api/generated/@tanstack/react-query.gen'
import { lastAnswer, sessionEnded } from '#/api/http'
import { Button } from '#/components/Button'
import { Dialog } from '#/components/Dialog'
import { clock } from '#/lib/dates'

const minute = 60_000
const idle = 60 * minute
const warning = 2 * minute

/** Says that the session is about to end while there is still time: after an hour of nothing, or after twelve hours. */
export function StillThere() {
  const me = useQuery({ ...getMeOptions(), staleTime: minute, refetchOnMount: false }) // asking would count as being there
  const [now, setNow] = useState(() => Date.now())
  const [heard, setHeard] = useState('')
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 5000)
    return () => clearInterval(timer)
  }, [])
  const expires = me.data ? Date.parse(me.data.sessionExpiresAt) : 0
  // The server names the nearest end: what is nearer than an hour after it answered is the one that nothing moves.
  const last = expires && expires < me.dataUpdatedAt + idle - minute ? expires : undefined
  const quiet = lastAnswer() + idle
  const end = Math.min(quiet, last ?? quiet)
  const over = now >= end
  useEffect(() => {
    if (over) sessionEnded()
  }, [over])
  if (last !== undefined && last <= quiet) {
    const at = new Date(last).toISOString()
    if (now < last - 5 * minute || over || heard === at) return null
    return (
      <Dialog title={t`Je wordt zo uitgelogd`} isOpen onClose={() => setHeard(at)} alert>
        <div className="dialog-body">
          <p>{t`Je bent twaalf uur ingelogd. Om ${clock(at)} moet je opnieuw inloggen; maak af waar je mee bezig bent.`}</p>
        </div>
        <footer>
          <Button variant="primary" onClick={() => setHeard(at)}>{t`Begrepen`}</Button>
        </footer>
      </Dialog>
    )
  }
  if (now < end - warning || over) return null
  const stay = () => void me.refetch().then(() => setNow(Date.now()))
  return (
    <Dialog title={t`Ben je er nog?`} isOpen onClose={stay} alert>
      <div className="dialog-body">
        <p>{t`Je hebt een tijdje niets gedaan. Om ${clock(new Date(end).toISOString())} log je vanzelf uit, zodat niemand anders meekijkt.`}</p>
      </div>
      <footer>
        <Button variant="primary" busy={me.isFetching} onClick={stay}>
          {t`Ik ben er nog`}
        </Button>
      </footer>
    </Dialog>
  )
}
