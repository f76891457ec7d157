import { t } from '@lingui/core/macro'
import { save } from '#/lib/save'
import { Button } from './Button'
import { Qr } from './Qr'
import { toast } from './Toasts'

/** The key of an authenticator app, to scan or to type over. */
export function AppKey({ uri, secret }: { uri: string; secret: string }) {
  return (
    <div className="enrol-key">
      <Qr text={uri} label={t`QR-code om de app te koppelen`} />
      <div>
        <p className="small muted">{t`Scannen lukt niet? Zet de sleutel dan zelf in de app.`}</p>
        <p className="mono" data-testid="totp-key">
          {secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}
        </p>
        <Button small icon="copy" onClick={() => void navigator.clipboard.writeText(secret).then(() => toast(t`Sleutel gekopieerd`))}>
          {t`Kopieer sleutel`}
        </Button>
      </div>
    </div>
  )
}

/** Recovery codes, to put away. */
export function CodeList({ codes, kept, onKept }: { codes: string[]; kept: boolean; onKept: (kept: boolean) => void }) {
  const text = codes.join('\n')
  return (
    <div className="stack-s">
      <ul className="codes" aria-label={t`Herstelcodes`}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="row-s">
        <Button small icon="download-simple" onClick={() => save('voordeur-herstelcodes.txt', `${text}\n`)}>
          {t`Download`}
        </Button>
        <Button small icon="copy" onClick={() => void navigator.clipboard.writeText(text).then(() => toast(t`Herstelcodes gekopieerd`))}>
          {t`Kopieer`}
        </Button>
      </div>
      <label className="check">
        <input type="checkbox" checked={kept} onChange={(event) => onKept(event.target.checked)} />
        <span>{t`Ik heb de codes op een veilige plek bewaard`}</span>
      </label>
    </div>
  )
}
