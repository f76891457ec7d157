import { plural } from '@lingui/core/macro'
import { useEffect, useRef } from 'react'

/** What keeps a form from being sent, read out at once; each line goes to its field. */
export function ErrorSummary({ problems }: { problems: { field: string; message: string }[] }) {
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => ref.current?.focus(), [])
  if (problems.length === 0) return null
  return (
    <div ref={ref} role="alert" tabIndex={-1} className="note note-stop summary">
      <div>
        <b>{plural(problems.length, { one: '# veld klopt nog niet', other: '# velden kloppen nog niet' })}</b>
        <ul>
          {problems.map((problem) => (
            <li key={`${problem.field}${problem.message}`}>
              <a
                href={`#${problem.field}`}
                onClick={(event) => {
                  event.preventDefault()
                  document.getElementById(problem.field)?.focus()
                }}
              >
                {problem.message}
              </a>
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}
