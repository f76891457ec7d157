import { t } from '@lingui/core/macro'
import { useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { Organisation } from '#/api/generated/types.gen'
import { Button } from '#/components/Button'
import { Icon } from '#/components/Icon'
import { Mistake } from '#/components/States'
import { Street } from '#/components/Street'
import { toast } from '#/components/Toasts'
import { maxPictureBytes, putPicture, removePicture } from './uploads'

const pictureTypes = 'image/png,image/jpeg'

function usePicture(which: 'logo' | 'header-photo', onDone: () => void) {
  const [refused, setRefused] = useState<string>()
  const put = useMutation({
    mutationFn: (file: File) => putPicture(which, file),
    onSuccess: () => {
      toast(which === 'logo' ? t`Logo opgeslagen` : t`Foto opgeslagen`)
      onDone()
    },
  })
  const remove = useMutation({
    mutationFn: () => removePicture(which),
    onSuccess: () => {
      toast(which === 'logo' ? t`Logo weggehaald` : t`Foto weggehaald`)
      onDone()
    },
  })
  const choose = (file: File | undefined) => {
    if (!file) return
    const mistake = !pictureTypes.split(',').includes(file.type)
      ? t`Kies een PNG of JPEG.`
      : file.size > maxPictureBytes
        ? t`Deze afbeelding is te groot, het maximum is 2 MB.`
        : undefined
    setRefused(mistake)
    if (!mistake) put.mutate(file)
  }
  return { choose, remove: () => remove.mutate(), busy: put.isPending || remove.isPending, refused, error: put.error ?? remove.error }
}

export function LogoField({ organisation, disabled, onDone }: { organisation: Organisation; disabled: boolean; onDone: () => void }) {
  const picture = usePicture('logo', onDone)
  const input = useRef<HTMLInputElement>(null)
  return (
    <div className="field" role="group" aria-label={t`Logo`}>
      <span className="label">{t`Logo`}</span>
      <div className="row-s">
        {organisation.logoUrl && <img className="logo-shown" src={organisation.logoUrl} alt={t`Het logo van ${organisation.name}`} />}
        <input
          ref={input}
          type="file"
          hidden
          accept={pictureTypes}
          aria-label={t`Kies een logo`}
          onChange={(event) => picture.choose(event.target.files?.[0])}
        />
        <Button icon="image-square" busy={picture.busy} disabled={disabled} onClick={() => input.current?.click()}>
          {organisation.logoUrl ? t`Ander logo` : t`Kies een logo`}
        </Button>
        {organisation.logoUrl && !disabled && (
          <Button variant="quiet" onClick={picture.remove}>
            {t`Weghalen`}
          </Button>
        )}
      </div>
      {picture.refused ? (
        <p className="error" role="alert">
          <Icon name="warning-circle-fill" />
          {picture.refused}
        </p>
      ) : (
        <p className="hint">{t`PNG of JPEG, hoogstens 2 MB.`}</p>
      )}
      <Mistake error={picture.error} />
    </div>
  )
}

export function HeaderImageField({
  organisation,
  value,
  colour,
  disabled,
  onChange,
  onDone,
}: {
  organisation: Organisation
  value: Organisation['headerImage']
  colour: string
  disabled: boolean
  onChange: (next: Organisation['headerImage']) => void
  onDone: () => void
}) {
  const input = useRef<HTMLInputElement>(null)
  const picture = usePicture('header-photo', () => {
    onChange('photo')
    onDone()
  })
  const brand = { '--brand': colour } as React.CSSProperties
  return (
    <div className="field" role="group" aria-label={t`Beeld bovenaan`}>
      <span className="label">{t`Beeld bovenaan`}</span>
      <div className="imgpick" data-brand="" style={brand}>
        <button
          type="button"
          aria-pressed={value === 'street'}
          aria-label={t`Lijntekening straat`}
          disabled={disabled}
          onClick={() => onChange('street')}
        >
          <Street />
        </button>
        <button type="button" aria-pressed={value === 'none'} disabled={disabled} onClick={() => onChange('none')}>
          <Icon name="selection-slash" />
          {t`Geen beeld`}
        </button>
        <button
          type="button"
          aria-pressed={value === 'photo'}
          disabled={disabled}
          onClick={() => (organisation.headerPhotoUrl && value !== 'photo' ? onChange('photo') : input.current?.click())}
        >
          <Icon name="upload-simple" />
          {t`Eigen foto`}
        </button>
      </div>
      <input
        ref={input}
        type="file"
        hidden
        accept={pictureTypes}
        aria-label={t`Kies een foto`}
        onChange={(event) => picture.choose(event.target.files?.[0])}
      />
      {picture.refused && (
        <p className="error" role="alert">
          <Icon name="warning-circle-fill" />
          {picture.refused}
        </p>
      )}
      <Mistake error={picture.error} />
    </div>
  )
}
