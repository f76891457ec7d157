import { t } from '@lingui/core/macro'
import type { Organisation } from '#/api/generated/types.gen'
import { Street } from '#/components/Street'
import { initials } from '#/lib/text'
import type { BrandingDraft } from './draft'

/** The top of the portal as a customer would see it with these choices. */
export function PortalPreview({
  draft,
  organisation,
  colour,
  theme,
}: {
  draft: BrandingDraft
  organisation: Organisation
  colour: string
  theme: 'light' | 'dark'
}) {
  const brand = { '--brand': colour } as React.CSSProperties
  const formal = draft.formOfAddress === 'formal'
  return (
    <div className="preview" data-brand="" data-theme={theme} style={brand}>
      <div className="p-top">
        {organisation.logoUrl ? (
          <img src={organisation.logoUrl} alt="" />
        ) : (
          <span className="p-mark" aria-hidden="true">
            {initials(draft.name)}
          </span>
        )}
        <span>
          {draft.name}
          <small>{draft.tagline}</small>
        </span>
      </div>
      <div className={draft.headerImage === 'none' ? 'p-hero plain' : 'p-hero'}>
        <div>
          <p className="t">{draft.welcomeTitle || t`Dag Eva`}</p>
          <p className="x">{draft.welcomeText}</p>
        </div>
        {draft.headerImage === 'street' && <Street />}
        {draft.headerImage === 'photo' && organisation.headerPhotoUrl && <img src={organisation.headerPhotoUrl} alt="" />}
      </div>
      <div className="p-body">
        <b>{formal ? t`Aan u de beurt` : t`Jouw beurt`}</b>
        <div className="p-todo">
          <b>{t`Werkgeversverklaring`}</b>
          <span className="btn btn-primary">{t`Nu aanleveren`}</span>
        </div>
      </div>
    </div>
  )
}
