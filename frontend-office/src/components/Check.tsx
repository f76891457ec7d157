/** Something to tick, with a line below it that says what follows. */
export function Check({
  id,
  name,
  hint,
  checked,
  group,
  onChange,
}: {
  id: string
  name: string
  hint: string
  checked: boolean
  /** Of several with the same group one is chosen. */
  group?: string
  onChange: (on: boolean) => void
}) {
  return (
    <label className="check">
      <input
        type={group ? 'radio' : 'checkbox'}
        name={group}
        checked={checked}
        aria-label={name}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onChange(event.target.checked)}
      />
      <b>{name}</b>
      <span className="hint" id={`${id}-hint`}>
        {hint}
      </span>
    </label>
  )
}
