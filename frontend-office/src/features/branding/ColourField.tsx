import { t } from '@lingui/core/macro'
import { TextField } from '#/components/Field'
import { buttonBand, parseColour } from '#/lib/colour'

/** One colour; the rest is derived from it, so every choice stays readable. The four samples show how. */
export function ColourField({
  value,
  error,
  disabled,
  onChange,
}: {
  value: string
  error: string | undefined
  disabled: boolean
  onChange: (next: string) => void
}) {
  const colour = parseColour(value)
  const band = colour ? buttonBand(colour) : 'as-given'
  const hints = {
    'as-given': t`Deze kleur is overal goed leesbaar.`,
    darkened: t`We maken deze kleur iets donkerder in knoppen, zodat de tekst leesbaar is.`,
    'dark-text': t`Dit is een lichte kleur: knoppen krijgen donkere tekst, zodat die leesbaar is.`,
  }
  const brand = { '--brand': colour ?? '#1f5c45' } as React.CSSProperties
  return (
    <div className="stack-s" data-brand="" style={brand}>
      <div className="swatchrow">
        <input
          type="color"
          className="sw"
          aria-label={t`Kies een kleur`}
          value={colour ?? '#1f5c45'}
          disabled={disabled}
          onChange={(event) => onChange(event.target.value)}
        />
        <TextField
          label={t`Kleur`}
          mono
          maxLength={7}
          readOnly={disabled}
          value={value}
          error={error ?? (colour ? undefined : t`Een kleur schrijf je als #2b4a9b`)}
          onChange={(event) => onChange(event.target.value)}
        />
      </div>
      <div className="contrast" aria-hidden="true">
        {(['light', 'dark'] as const).map((theme) => [
          <div key={`${theme}-button`} data-theme={theme} className="dk">
            <i className="sample-button">{t`Knop`}</i>
            {theme === 'light' ? t`Tekst op kleur` : t`In het donker`}
          </div>,
          <div key={`${theme}-link`} data-theme={theme} className="dk">
            <i className="sample-link">{t`Link`}</i>
            {theme === 'light' ? t`Kleur op wit` : t`In het donker`}
          </div>,
        ])}
      </div>
      <p className="hint">{hints[band]}</p>
    </div>
  )
}
