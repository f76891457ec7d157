import { t } from '@lingui/core/macro'
import { useEffect, useRef, useState } from 'react'
import { Button } from '#/components/Button'
import { Icon } from '#/components/Icon'

/** Six boxes painted over one real input, so that pasting and one-time-code autofill work. */
export function CodeBoxes({
  busy,
  mistake,
  submitLabel,
  focused,
  onSubmit,
}: {
  busy: boolean
  mistake: string | undefined
  submitLabel: string
  focused?: boolean
  onSubmit: (code: string) => unknown
}) {
  const [code, setCode] = useState('')
  const [short, setShort] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (focused) input.current?.focus()
  }, [focused])
  const wrong = short ? t`Typ alle zes cijfers.` : mistake

  async function submit(value: string) {
    setShort(value.length < 6)
    if (value.length < 6 || busy) return
    await onSubmit(value)
    setCode('')
    input.current?.focus()
  }

  function change(value: string) {
    const digits = value.replaceAll(/\D/g, '').slice(0, 6)
    setCode(digits)
    setShort(false)
    if (digits.length === 6 && digits !== code) void submit(digits)
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void submit(code)
      }}
    >
      <div className="field">
        <label htmlFor="code">{t`Code`}</label>
        <div className={wrong ? 'code6 bad' : 'code6'}>
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
            value={code}
            aria-invalid={wrong ? true : undefined}
            aria-describedby={wrong ? 'code-note' : undefined}
            onChange={(event) => change(event.target.value)}
          />
        </div>
        {wrong && (
          <p className="error" id="code-note" role="alert">
            <Icon name="warning-circle-fill" />
            {wrong}
          </p>
        )}
      </div>
      <Button type="submit" variant="primary" block busy={busy}>
        {submitLabel}
      </Button>
    </form>
  )
}
