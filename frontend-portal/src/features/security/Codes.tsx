import { t } from '@lingui/core/macro'
import { useState } from 'react'
import { Button } from '#/components/Button'
import { toast } from '#/components/Toasts'

/** Recovery codes, which are shown this once: to keep as a file, on paper, or wherever somebody pastes them. */
export function Codes({ codes, office, onDone }: { codes: string[]; office: string; onDone: () => void }) {
  const [kept, setKept] = useState(false)
  const [asked, setAsked] = useState(false)
  const sheet = `${t`Herstelcodes voor ${office}`}\n${t`Elke code werkt één keer.`}\n\n${codes.join('\n')}\n`
  const save = () => {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([sheet], { type: 'text/plain' }))
    link.download = t`herstelcodes.txt`
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
  }
  return (
    <>
      <p>{t`Telefoon kwijt? Met een van deze codes kom je er toch in. Elke code werkt één keer. We laten ze nu één keer zien.`}</p>
      <div className="codes-sheet">
        <h3 className="print-only">{t`Herstelcodes voor ${office}`}</h3>
        <ul className="codes">
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
      </div>
      <div className="btn-row">
        <Button small icon="download-simple" onClick={save}>{t`Bewaar als bestand`}</Button>
        <Button small onClick={() => print()}>{t`Print`}</Button>
        <Button small onClick={() => void navigator.clipboard.writeText(sheet).then(() => toast(t`Herstelcodes gekopieerd`))}>
          {t`Kopieer`}
        </Button>
      </div>
      <label className="check">
        <input
          type="checkbox"
          checked={kept}
          aria-invalid={asked && !kept ? true : undefined}
          aria-describedby={asked && !kept ? 'kept-note' : undefined}
          onChange={(event) => setKept(event.target.checked)}
        />
        <span>{t`Ik heb de codes op een veilige plek bewaard`}</span>
      </label>
      {asked && !kept && (
        <p className="error" id="kept-note" role="alert">
          {t`Bewaar eerst de codes en zet dan het vinkje.`}
        </p>
      )}
      <div className="btn-row">
        <Button variant="primary" onClick={() => (kept ? onDone() : setAsked(true))}>
          {t`Klaar`}
        </Button>
      </div>
    </>
  )
}
