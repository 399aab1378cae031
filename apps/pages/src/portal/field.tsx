import { type ReactNode, useId } from 'react'

type FieldProps = {
  label: string
  hint?: string
  problem?: string | null
  children: (control: {
    id: string
    'aria-describedby': string | undefined
    'aria-invalid': true | undefined
  }) => ReactNode
}

/** A labelled control with what to know about it, and what is wrong with what was put in. */
export function Field({ label, hint, problem, children }: FieldProps) {
  const id = useId()
  const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ')
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': problem ? true : undefined })}
      {hint && (
        <span className="field-hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {problem && (
        <span className="field-problem" id={`${id}-problem`}>
          {problem}
        </span>
      )}
    </div>
  )
}

type AmountFieldProps = Omit<FieldProps, 'children'> & {
  value: string
  onChange: (event: { target: { value: string } }) => void
  /** Which keys a phone shows. */
  mode?: 'decimal' | 'numeric'
}

/** A number, as text: what somebody types is read with care and answered in words. */
export function AmountField({ value, onChange, mode = 'decimal', ...field }: AmountFieldProps) {
  return (
    <Field {...field}>
      {(control) => (
        <input className="input" inputMode={mode} autoComplete="off" {...control} value={value} onChange={onChange} />
      )}
    </Field>
  )
}
