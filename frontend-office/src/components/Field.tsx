import { t } from '@lingui/core/macro'
import { useId, type ComponentProps, type ReactNode } from 'react'
import { Icon } from './Icon'

type Common = {
  label: ReactNode
  error?: string | undefined
  hint?: ReactNode
  /** "mag leeg blijven" beside the label; a field that must be filled needs no mark. */
  optional?: boolean
  aside?: ReactNode
}

function Frame({ id, label, error, hint, optional, aside, children }: Common & { id: string; children: ReactNode }) {
  return (
    <div className="field">
      <label htmlFor={id}>
        <span>{label}</span>
        {aside !== undefined ? <span className="opt">{aside}</span> : optional && <span className="opt">{t`mag leeg blijven`}</span>}
      </label>
      {children}
      {error ? (
        <p className="error" id={`${id}-note`}>
          <Icon name="warning-circle-fill" />
          {error}
        </p>
      ) : (
        hint && (
          <p className="hint" id={`${id}-note`}>
            {hint}
          </p>
        )
      )}
    </div>
  )
}

const described = (id: string, { error, hint }: Pick<Common, 'error' | 'hint'>) => ({
  'aria-invalid': error ? (true as const) : undefined,
  'aria-describedby': error || hint ? `${id}-note` : undefined,
})

export function TextField({
  label,
  error,
  hint,
  optional,
  aside,
  mono,
  id,
  ...input
}: Common & Omit<ComponentProps<'input'>, 'className'> & { mono?: boolean }) {
  const own = useId()
  const at = id ?? own
  return (
    <Frame id={at} label={label} error={error} hint={hint} {...(optional ? { optional } : {})} aside={aside}>
      <input {...input} id={at} className={mono ? 'input mono' : 'input'} {...described(at, { error, hint })} />
    </Frame>
  )
}

export function TextArea({ label, error, hint, optional, aside, id, ...input }: Common & Omit<ComponentProps<'textarea'>, 'className'>) {
  const own = useId()
  const at = id ?? own
  return (
    <Frame id={at} label={label} error={error} hint={hint} {...(optional ? { optional } : {})} aside={aside}>
      <textarea {...input} id={at} className="textarea" {...described(at, { error, hint })} />
    </Frame>
  )
}

export type Option = { value: string; label: string }

/** The platform's own select: it opens as people expect on every device, and costs nothing. */
export function SelectField({
  label,
  error,
  hint,
  optional,
  aside,
  options,
  id,
  ...input
}: Common & Omit<ComponentProps<'select'>, 'className' | 'children'> & { options: Option[] }) {
  const own = useId()
  const at = id ?? own
  return (
    <Frame id={at} label={label} error={error} hint={hint} {...(optional ? { optional } : {})} aside={aside}>
      <select {...input} id={at} className="select" {...described(at, { error, hint })}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Frame>
  )
}
