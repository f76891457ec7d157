import { t } from '@lingui/core/macro'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { startEnrolment } from '#/api/generated/sdk.gen'
import { confirmEnrolmentMutation } from '#/api/generated/@tanstack/react-query.gen'
import { Button } from '#/components/Button'
import { Icon } from '#/components/Icon'
import { Loading } from '#/components/States'
import { toast } from '#/components/Toasts'
import { save } from '#/lib/save'
import { CodeBoxes } from './CodeBoxes'
import { codeMistake } from './mistakes'
import { Qr } from './Qr'
import { Split } from './Split'

/** The second step, set up once: without it nobody comes in. */
export function Enrol({ onDone, onBack }: { onDone: () => void; onBack: () => void }) {
  const [codes, setCodes] = useState<string[]>()
  const app = useQuery({
    queryKey: ['enrolment'],
    queryFn: async () => (await startEnrolment({ throwOnError: true })).data,
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
  })
  const confirm = useMutation({ ...confirmEnrolmentMutation(), onSuccess: (enrolled) => setCodes(enrolled.recoveryCodes) })
  if (codes) return <RecoveryCodes codes={codes} onDone={onDone} />
  return (
    <Split
      title={t`Stel de tweede stap in`}
      lead={t`Voortaan log je in met je wachtwoord én een code uit een app op je telefoon. Zo komt niemand anders bij de stukken van klanten.`}
    >
      {app.isPending ? (
        <Loading />
      ) : app.isError ? (
        <>
          <p className="error" role="alert">
            <Icon name="warning-circle-fill" />
            {codeMistake(app.error)}
          </p>
          <Button block onClick={() => void app.refetch()}>{t`Opnieuw proberen`}</Button>
        </>
      ) : (
        <ol className="enrol">
          <li>
            <h2>{t`Koppel een app`}</h2>
            <p>{t`Open een authenticator-app op je telefoon en scan deze code.`}</p>
            <AppKey uri={app.data.uri} secret={app.data.secret} />
          </li>
          <li>
            <h2>{t`Typ de code uit de app`}</h2>
            <CodeBoxes
              busy={confirm.isPending}
              mistake={confirm.isError ? codeMistake(confirm.error) : undefined}
              submitLabel={t`Koppelen`}
              onSubmit={(code) => confirm.mutateAsync({ body: { code } }).catch(() => undefined)}
            />
          </li>
        </ol>
      )}
      {!confirm.isPending && (
        <Button variant="quiet" icon="caret-left" block onClick={onBack}>
          {t`Terug naar het wachtwoord`}
        </Button>
      )}
    </Split>
  )
}

/** Shown this once. Who has put them away goes on. */
function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const [kept, setKept] = useState(false)
  return (
    <Split
      title={t`Bewaar je herstelcodes`}
      lead={t`Telefoon kwijt? Met een van deze codes kom je er toch in. Elke code werkt één keer, en je ziet ze alleen nu.`}
    >
      <CodeList codes={codes} kept={kept} onKept={setKept} />
      <Button variant="primary" block disabled={!kept} onClick={onDone}>
        {t`Naar het kantoor`}
      </Button>
    </Split>
  )
}

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
