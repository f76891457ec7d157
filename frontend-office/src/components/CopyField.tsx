import { t } from '@lingui/core/macro'
import { Button } from './Button'
import { TextField } from './Field'
import { toast } from './Toasts'

/** Something to take over elsewhere, letter for letter. */
export function CopyField({ label, hint, value }: { label: string; hint?: string; value: string }) {
  return (
    <div className="stack-s">
      <div className="copied">
        <TextField label={label} mono readOnly value={value} onFocus={(event) => event.target.select()} />
        <Button
          icon="copy"
          aria-label={t`Kopieer ${label}`}
          onClick={() => void navigator.clipboard.writeText(value).then(() => toast(t`${label} gekopieerd`))}
        >
          {t`Kopieer`}
        </Button>
      </div>
      {hint && <p className="hint">{hint}</p>}
    </div>
  )
}
