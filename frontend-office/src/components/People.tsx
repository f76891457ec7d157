import { initials } from '#/lib/text'

export function Avatar({ name }: { name: string }) {
  return (
    <span className="avatar" title={name} aria-hidden="true">
      {initials(name)}
    </span>
  )
}

export function Avatars({ names }: { names: string[] }) {
  return (
    <span className="avatars">
      {names.map((name) => (
        <Avatar key={name} name={name} />
      ))}
      <span className="sr">{names.join(', ')}</span>
    </span>
  )
}
