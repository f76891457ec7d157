import { t } from '@lingui/core/macro'
import { useMutation } from '@tanstack/react-query'
import { verifySecondFactorMutation } from '#/api/generated/@tanstack/react-query.gen'
import { Button } from '#/components/Button'
import { PasskeyAct } from '#/components/PasskeyAct'
import { CodeBoxes } from '#/components/CodeBoxes'
import { codeMistake } from '#/lib/loginMistakes'

/** The code of the app, sent as soon as it is whole. */
export function CodeForm({
  passkey,
  onDone,
  onBack,
  onLost,
}: {
  passkey?: boolean
  onDone: () => void
  onBack: () => void
  onLost: () => void
}) {
  const verify = useMutation({ ...verifySecondFactorMutation(), onSuccess: onDone })
  return (
    <>
      <CodeBoxes
        focused
        busy={verify.isPending}
        mistake={verify.isError ? codeMistake(verify.error) : undefined}
        submitLabel={t`Verder`}
        onSubmit={(code) => verify.mutateAsync({ body: { code } }).catch(() => undefined)}
      />
      {passkey && <PasskeyAct to="log-in" label={t`Gebruik je passkey`} onDone={onDone} />}
      <div>
        <Button variant="quiet" icon="key" block onClick={onLost}>
          {t`Ik heb mijn telefoon niet`}
        </Button>
        <Button variant="quiet" icon="caret-left" block onClick={onBack}>
          {t`Terug naar het wachtwoord`}
        </Button>
      </div>
    </>
  )
}
