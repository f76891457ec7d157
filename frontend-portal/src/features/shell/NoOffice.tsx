import { t } from '@lingui/core/macro'
import { DoorMark } from '#/components/DoorMark'
import { Street } from '#/components/Street'
import { useTitle } from '#/lib/hooks'

// A name, the same in every language.
// oxlint-disable-next-line lingui/no-unlocalized-strings
const product = 'Voordeur'

/** An address without an office, or with one that does not exist. */
export function NoOffice() {
  useTitle(t`Klantportaal`)
  return (
    <div className="split">
      <div className="split-art" aria-hidden="true">
        <Street />
      </div>
      <main className="split-main" id="inhoud">
        <span className="logo">
          <DoorMark />
          {product}
        </span>
        <div>
          <h1>{t`Hier is geen kantoor`}</h1>
          <p className="lead">{t`Controleer het adres. In de mail van je adviseur staat een link die je meteen bij de goede voordeur brengt.`}</p>
        </div>
      </main>
    </div>
  )
}
