import { t } from '@lingui/core/macro'
import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { getPortalRightsOptions } from '#/api/generated/@tanstack/react-query.gen'
import { Check } from '#/components/Check'
import { Failed, SkeletonRows } from '#/components/States'
import { notifications, notificationWords, presetOf, presetWord, rightWords, tick, type Notification, type Preset } from '#/lib/rights'
import { listOf } from '#/lib/text'

export type RightsDraft = { preset: Preset; permissions: string[]; notifications: Notification[] }

/** What somebody may see and do in the portal (E3): a preset fills the ticks, a tick that differs makes it a choice of its own. */
export function RightsFields({
  value,
  disabled = false,
  onChange,
}: {
  value: RightsDraft
  disabled?: boolean
  onChange: (change: Partial<RightsDraft>) => void
}) {
  const id = useId()
  const catalogue = useQuery({ ...getPortalRightsOptions(), staleTime: 600_000 })
  if (catalogue.isPending) return <SkeletonRows rows={3} />
  if (catalogue.isError) return <Failed error={catalogue.error} retry={() => void catalogue.refetch()} />
  const { presets, rights } = catalogue.data
  const preset = presetOf(value.preset, value.permissions, presets)
  const later = listOf(rights.filter((right) => !right.available).map((right) => rightWords(right.permission)[0].toLocaleLowerCase()))
  return (
    <fieldset className="stack-s member-rights" disabled={disabled}>
      <legend className="label">{t`Mag zien en doen`}</legend>
      <div className="segment" role="group" aria-label={t`Profiel`}>
        {presets.map((one) => (
          <button
            key={one.preset}
            type="button"
            aria-pressed={preset === one.preset}
            onClick={() => onChange({ preset: one.preset, permissions: one.permissions })}
          >
            {presetWord(one.preset)}
          </button>
        ))}
        {preset === 'custom' && (
          <button type="button" aria-pressed={true}>
            {presetWord('custom')}
          </button>
        )}
      </div>
      <div className="checks">
        {rights
          .filter((right) => right.available)
          .map(({ permission }) => {
            const [name, hint] = rightWords(permission)
            return (
              <Check
                key={permission}
                id={`${id}-${permission}`}
                name={name}
                hint={hint}
                checked={value.permissions.includes(permission)}
                onChange={(on) => onChange({ permissions: tick(value.permissions, permission, on) })}
              />
            )
          })}
      </div>
      {later && <p className="hint">{t`Dit zit nog niet in het portaal, en is daarom nog niet aan te vinken: ${later}.`}</p>}
    </fieldset>
  )
}

/** Which mails somebody wants (E10). The member can change it too. */
export function NotificationFields({
  value,
  disabled = false,
  onChange,
}: {
  value: Notification[]
  disabled?: boolean
  onChange: (value: Notification[]) => void
}) {
  const id = useId()
  return (
    <fieldset className="stack-s" disabled={disabled}>
      <legend className="label">{t`E-mail bij`}</legend>
      <div className="checks">
        {notifications.map((notification) => {
          const [name, hint] = notificationWords(notification)
          return (
            <Check
              key={notification}
              id={`${id}-${notification}`}
              name={name}
              hint={hint}
              checked={value.includes(notification)}
              onChange={(on) => onChange(notifications.filter((one) => (one === notification ? on : value.includes(one))))}
            />
          )
        })}
      </div>
      <p className="hint">{t`Het lid kan dit zelf wijzigen. Het geldt zodra offertes, facturen en opdrachten in het portaal staan.`}</p>
    </fieldset>
  )
}
