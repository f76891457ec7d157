import { plural, t } from '@lingui/core/macro'
import { FileMark } from '#/components/FileMark'
import { Icon } from '#/components/Icon'
import { sessionEnded } from '#/api/http'
import { isHeic } from '#/lib/files'
import { fileSize } from '#/lib/text'
import type { Item } from './useUploads'

/** One chosen file: on its way, ready, or why not and what helps. */
export function FileLine({ item, onRemove, onRetry }: { item: Item; onRemove: () => void; onRetry: () => void }) {
  const { name, size, type } = item.file
  const stops = item.state === 'queued' || item.state === 'sending' || item.state === 'waiting'
  return (
    <li className={item.state === 'failed' ? 'up err' : 'up'}>
      <FileMark mediaType={type} filename={name} />
      <div>
        <p className="name" title={name}>
          {name}
        </p>
        {stops && <Progress item={item} />}
        {item.state === 'ready' && (
          <p className="status st-ok">
            <span className="glyph g-ok" aria-hidden="true">
              <Icon name="check-bold" />
            </span>
            {readyText(size)}
          </p>
        )}
        {item.state === 'ready' && isHeic(name) && (
          <p>{t`Deze HEIC-foto kan je adviseur misschien alleen downloaden. Heb je hem ook als jpg of pdf? Kies dan liever die.`}</p>
        )}
        {item.state === 'failed' && <p>{item.message}</p>}
        {item.signedOut && (
          <button type="button" className="btn btn-secondary btn-sm" onClick={() => sessionEnded()}>
            {t`Opnieuw inloggen`}
          </button>
        )}
        {item.canRetry && (
          <button type="button" className="btn btn-secondary btn-sm" onClick={onRetry}>
            {t`Opnieuw proberen`}
          </button>
        )}
      </div>
      <button
        type="button"
        className="btn btn-quiet btn-icon"
        aria-label={stops ? t`Stop uploaden van ${name}` : t`Verwijder ${name}`}
        onClick={onRemove}
      >
        <Icon name={item.state === 'ready' ? 'trash' : 'x'} />
      </button>
    </li>
  )
}

const readyText = (bytes: number) => {
  const size = fileSize(bytes)
  return t`Klaar, ${size}`
}

function Progress({ item }: { item: Item }) {
  const { name, size } = item.file
  // 100 is said only when the server has checked the file.
  const percent = Math.min(99, Math.floor((item.sent / Math.max(1, size)) * 100))
  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role */}
      <div
        className="bar"
        role="progressbar"
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-label={t`${name} uploaden`}
      >
        <span style={{ width: `${percent}%` }} />
      </div>
      <p>{progressText(item, percent)}</p>
    </>
  )
}

function progressText({ state, left }: Item, percent: number): string {
  if (state === 'queued') return t`Staat klaar om te versturen`
  if (state === 'waiting') return t`Geen verbinding. We gaan vanzelf verder.`
  if (percent === 99) return t`Nog even, we controleren het bestand`
  if (left === undefined) return t`${percent}%`
  return t`${percent}%, nog ${plural(left, { one: '# seconde', other: '# seconden' })}`
}
