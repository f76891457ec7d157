import { t } from '@lingui/core/macro'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { startEnrolment } from '#/api/generated/sdk.gen'
import { confirmEnrolmentMutation } from '#/api/generated/@tanstack/react-query.gen'
import { Button } from '#/components/Button'
import { CodeBoxes } from '#/components/CodeBoxes'
import { Icon } from '#/components/Icon'
import { PasskeyAct } from '#/components/PasskeyAct'
import { AppKey, CodeList } from '#/components/SecondFactor'
import { Loading } from '#/components/States'
import { codeMistake } from '#/lib/loginMistakes'
import { canUsePasskeys } from '#/lib/passkey'
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
  const passkey = canUsePasskeys() && (
    <section className="stack-s">
      <h2>{t`Liever een passkey?`}</h2>
      <p>{t`Dan log je op dit apparaat in met je vinger, je gezicht of de pincode van je apparaat, zonder code en zonder wachtwoord.`}</p>
      <PasskeyAct
        to="add"
        label={t`Maak een passkey`}
        onDone={(added) => (added.recoveryCodes ? setCodes(added.recoveryCodes) : onDone())}
      />
    </section>
  )
  return (
    <Split
      title={t`Stel de tweede stap in`}
      lead={t`Voortaan log je in met je wachtwoord én een code uit een app op je telefoon, of met een passkey. Zo komt niemand anders bij de stukken van klanten.`}
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
      {passkey}
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
