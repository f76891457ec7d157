import { t } from '@lingui/core/macro'
import { Link } from '@tanstack/react-router'
import type { DossierSummary, Me } from '#/api/generated/types.gen'
import { Bell } from '#/components/Bell'
import { Icon } from '#/components/Icon'
import { useTitle } from '#/lib/hooks'
import { phaseWord } from '#/lib/words'

/** Only with more than one dossier: which one is it about? */
export function DossierChooser({ dossiers, slug, me }: { dossiers: DossierSummary[]; slug: string; me: Me }) {
  useTitle(t`Je dossiers`, me.office.name)
  return (
    <div className="wrap page">
      <header className="page-head">
        <h1>{t`Dag ${me.firstName}`}</h1>
        <p>{t`Welk dossier wil je openen?`}</p>
      </header>
      <ul className="todos">
        {dossiers.map((one) => (
          <li className="todo" key={one.id}>
            <Icon name="files" />
            <h2 className="todo-title">
              <Link className="cover" to="/$slug" params={{ slug }} search={{ dossier: one.id }}>
                {one.subject || one.name}
              </Link>
            </h2>
            <span className="go">
              <Bell count={one.openCount} />
            </span>
            <p className="meta">
              <span>{one.status === 'closed' ? t`Afgesloten` : phaseWord(one.phase)}</span>
              <span>{t`${one.percent}% afgerond`}</span>
            </p>
          </li>
        ))}
      </ul>
    </div>
  )
}
