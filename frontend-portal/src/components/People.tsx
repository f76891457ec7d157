import { t } from '@lingui/core/macro'
import type { Person, Site } from '#/api/generated/types.gen'
import { fullName } from '#/lib/text'
import { Icon } from './Icon'
import { Portrait } from './Person'
import { Phone } from './Phone'

/** Who helps: the adviser, and the case handler if there is one (B6). */
export function People({ site, adviser, caseHandler }: { site: Site; adviser: Person; caseHandler?: Person | undefined }) {
  return (
    <section className="sec" aria-labelledby="h-mensen">
      <header>
        <h2 id="h-mensen">{t`Jouw mensen bij ${site.name}`}</h2>
      </header>
      <div className="card">
        <Contact person={adviser} role={adviser.jobTitle || t`Adviseur`} />
        {caseHandler && caseHandler.id !== adviser.id && (
          <Contact person={caseHandler} role={caseHandler.jobTitle || t`Dossierbehandelaar`} />
        )}
        {site.openingHours && <p className="contact-foot">{site.openingHours}</p>}
      </div>
    </section>
  )
}

function Contact({ person, role }: { person: Person; role: string }) {
  return (
    <article className="contact">
      <Portrait name={fullName(person)} />
      <div>
        <h3>{fullName(person)}</h3>
        <p className="role">{role}</p>
        <div className="ways">
          {person.phone && (
            <Phone number={person.phone} aria-label={t`Bel ${person.firstName} op ${person.phone}`} title={person.phone}>
              <Icon name="phone" />
            </Phone>
          )}
          {person.email && (
            <a href={`mailto:${person.email}`} aria-label={t`Mail ${person.firstName} op ${person.email}`} title={person.email}>
              <Icon name="envelope-simple" />
            </a>
          )}
        </div>
      </div>
    </article>
  )
}
