import { icons, type IconName } from './icons'

export function Icon({ name, small }: { name: IconName; small?: boolean }) {
  return (
    <svg className={small ? 'ic ic-sm' : 'ic'} viewBox="0 0 256 256" fill="currentColor" aria-hidden="true" focusable="false">
      <path d={icons[name]} />
    </svg>
  )
}
