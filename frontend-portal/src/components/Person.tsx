import { initials } from '#/lib/text'

/** People stand in a doorway; that shape is for people only. */
export function Portrait({ name }: { name: string }) {
  return (
    <span className="portrait portrait-initials" aria-hidden="true">
      {initials(name)}
    </span>
  )
}
