import { t } from '@lingui/core/macro'
import { useInfiniteQuery } from '@tanstack/react-query'
import { listPasswordLinksInfiniteOptions } from '#/api/generated/@tanstack/react-query.gen'
import type { PortalMember, SentLink } from '#/api/generated/types.gen'
import { Button } from '#/components/Button'
import { Dialog } from '#/components/Dialog'
import { Empty, Failed, SkeletonRows } from '#/components/States'
import { moment } from '#/lib/dates'
import { linkAsker, linkState } from './invitation'

/** Every link to choose a password that somebody was sent: when, by whom, to where, and how far it came (F10). Never the link itself. */
export function LinksDialog({ member, onClose }: { member: PortalMember; onClose: () => void }) {
  const links = useInfiniteQuery({
    ...listPasswordLinksInfiniteOptions({ path: { memberId: member.id }, query: { limit: 20 } }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? null,
  })
  const all = links.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Dialog title={t`Links van ${member.firstName}`} isOpen onClose={onClose}>
      <div className="dialog-body">
        <p>{t`Met een link kiest ${member.firstName} een wachtwoord. Hij werkt één keer, 48 uur lang, en alleen de nieuwste werkt. De link zelf ziet niemand van kantoor.`}</p>
        {links.isPending ? (
          <SkeletonRows rows={3} />
        ) : links.isError ? (
          <Failed error={links.error} retry={() => void links.refetch()} />
        ) : all.length === 0 ? (
          <Empty icon="key" title={t`Er is nog geen link verstuurd`} />
        ) : (
          <ul className="rows" aria-label={t`Links, de nieuwste eerst`}>
            {all.map((link) => (
              <Row key={link.id} link={link} />
            ))}
          </ul>
        )}
        {links.hasNextPage && (
          <Button small busy={links.isFetchingNextPage} onClick={() => void links.fetchNextPage()}>{t`Meer laden`}</Button>
        )}
      </div>
      <footer>
        <Button variant="primary" onClick={onClose}>{t`Sluiten`}</Button>
      </footer>
    </Dialog>
  )
}

function Row({ link }: { link: SentLink }) {
  const until = link.state === 'sent' || link.state === 'opened' ? link.expiresAt : undefined
  return (
    <li className="rrow">
      <div className="fill">
        <b className={link.state === 'expired' ? 'late' : link.state === 'used' ? 'ok' : ''}>{linkState(link)}</b>
        {until && <p>{t`Werkt tot ${moment(until)}`}</p>}
        <p>
          {link.purpose === 'activation' ? t`Voor het eerste wachtwoord` : t`Voor een nieuw wachtwoord`}
          {link.recipient && <>, {t`naar ${link.recipient}`}</>}
        </p>
        <p>{`${moment(link.createdAt)}, ${linkAsker(link)}`}</p>
      </div>
    </li>
  )
}
