import { t } from '@lingui/core/macro'
import { useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { verifySecondFactorMutation } from '#/api/generated/@tanstack/react-query.gen'
import { Button } from '#/components/Button'
import { Icon } from '#/components/Icon'
import { codeMistake } from './mistakes'

/** Six boxes painted over one real input, so that pasting and one-time-code autofill work. */
export function CodeForm({ onDone, onBack }: { onDone: () => void; onBack: () => void }) {
  const [code, setCode] = useState('')
  const [short, setShort] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const verify = useMutation({
    ...verifySecondFactorMutation(),
    onSuccess: onDone,
    onError: () => {
      setCode('')
      input.current?.focus()
    },
  })
  const mistake = short ? t`Typ alle zes cijfers.` : verify.isError ? codeMistake(verify.error) : undefined

  function submit(value: string) {
    setShort(value.length < 6)
    if (value.length === 6 && !verify.isPending) verify.mutate({ body: { code: value } })
  }

  function change(value: string) {
    const digits = value.replaceAll(/\D/g, '').slice(0, 6)
    setCode(digits)
    setShort(false)
    if (digits.length === 6 && digits !== code) submit(digits)
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        submit(code)
      }}
    >
      <div className="field">
        <label htmlFor="code">{t`Code`}</label>
        <div className={mistake ? 'code6 bad' : 'code6'}>
          {[0, 1, 2, -1, 3, 4, 5].map((at) =>
            at < 0 ? (
              <span key="gap" className="gap" aria-hidden="true" />
            ) : (
              <span key={at} className={at === Math.min(code.length, 5) ? 'now' : ''} aria-hidden="true">
                {code[at] ?? ''}
              </span>
            ),
          )}
          <input
            ref={input}
            id="code"
            name="code"
            inputMode="numeric"
            autoComplete="one-time-code"
            // The step exists for this field only, and the person has just pressed a button to get here.
            // oxlint-disable-next-line jsx-a11y/no-autofocus
            autoFocus
            value={code}
            aria-invalid={mistake ? true : undefined}
            aria-describedby={mistake ? 'code-note' : undefined}
            onChange={(event) => change(event.target.value)}
          />
        </div>
        {mistake && (
          <p className="error" id="code-note" role="alert">
            <Icon name="warning-circle-fill" />
            {mistake}
          </p>
        )}
      </div>
      <Button type="submit" variant="primary" block busy={verify.isPending}>
        {t`Verder`}
      </Button>
      <Button variant="quiet" icon="caret-left" block onClick={onBack}>
        {t`Terug naar het wachtwoord`}
      </Button>
    </form>
  )
}
