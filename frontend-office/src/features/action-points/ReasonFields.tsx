import { t } from '@lingui/core/macro'
import { TextArea } from '#/components/Field'
import { quickReasons, reasonWord, type Reason } from '#/lib/words'

export type Why = { code: Reason; reason: string }
export const noReason: Why = { code: 'other', reason: '' }

/** The remark the customer reads, with the usual reasons as a start. */
export function ReasonFields({
  value,
  onChange,
  error,
  id,
}: {
  value: Why
  onChange: (next: Why) => void
  error: string | undefined
  id: string
}) {
  const sentences: Record<(typeof quickReasons)[number], string> = {
    unreadable: t`Het document is niet goed leesbaar. Wil je een scherpere foto of scan sturen?`,
    too_old: t`Het document is te oud. Wil je een recenter exemplaar sturen?`,
    page_missing: t`Er ontbreekt een pagina. Wil je alle pagina’s sturen?`,
    signature_missing: t`De handtekening ontbreekt. Wil je een getekend exemplaar sturen?`,
  }
  const usual = Object.values(sentences)
  return (
    <div className="stack-s">
      <TextArea
        id={id}
        label={t`Opmerking voor de klant`}
        aside={t`verplicht bij afkeuren`}
        rows={3}
        maxLength={2000}
        placeholder={t`Zeg wat er mist en hoe het goed komt`}
        value={value.reason}
        error={error}
        onChange={(event) => onChange({ ...value, reason: event.target.value })}
      />
      <div className="quick" role="group" aria-label={t`Standaardopmerkingen`}>
        {quickReasons.map((code) => (
          <button
            key={code}
            type="button"
            aria-pressed={value.code === code}
            onClick={() => {
              const untouched = value.reason.trim() === '' || usual.includes(value.reason)
              if (value.code === code) onChange({ code: 'other', reason: untouched ? '' : value.reason })
              else onChange({ code, reason: untouched ? sentences[code] : value.reason })
            }}
          >
            {reasonWord(code)}
          </button>
        ))}
      </div>
    </div>
  )
}
