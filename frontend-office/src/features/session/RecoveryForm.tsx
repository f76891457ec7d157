import { t } from '@lingui/core/macro'
import { useMutation } from '@tanstack/react-query'
import { useState, type SyntheticEvent } from 'react'
import { verifySecondFactorMutation } from '#/api/generated/@tanstack/react-query.gen'
import { ApiProblem } from '#/api/problem'
import { Button } from '#/components/Button'
import { TextField } from '#/components/Field'
import { Icon } from '#/components/Icon'
import { codeMistake } from '#/lib/loginMistakes'

/** The way in for who has a new telephone: a code from the list, once. */
export function RecoveryForm({ onDone, onBack }: { onDone: () => void; onBack: () => void }) {
  const [missing, setMissing] = useState(false)
  const verify = useMutation({ ...verifySecondFactorMutation(), onSuccess: onDone })
  const wrong = verify.error instanceof ApiProblem && verify.error.code === 'wrong-code'

  function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault()
    const code = String(new FormData(event.currentTarget).get('recovery') ?? '').trim()
    setMissing(!code)
    if (code) verify.mutate({ body: { code } })
    else document.getElementById('recovery')?.focus()
  }

  return (
    <form noValidate onSubmit={submit}>
      {verify.isError && !wrong && (
        <p className="error" role="alert">
          <Icon name="warning-circle-fill" />
          {codeMistake(verify.error)}
        </p>
      )}
      <TextField
        id="recovery"
        name="recovery"
        label={t`Herstelcode`}
        mono
        maxLength={64}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        error={missing ? t`Typ een herstelcode` : wrong ? t`Deze herstelcode kennen we niet, of hij is al gebruikt.` : undefined}
        hint={t`Hoofdletters en streepjes maken niet uit.`}
        onChange={() => setMissing(false)}
      />
      <Button type="submit" variant="primary" block busy={verify.isPending}>
        {t`Verder`}
      </Button>
      <p className="hint">{t`Geen herstelcodes meer? Een beheerder van je kantoor laat je opnieuw beginnen, onder Medewerkers.`}</p>
      <Button variant="quiet" icon="caret-left" block onClick={onBack}>
        {t`Terug naar de code uit de app`}
      </Button>
    </form>
  )
}
