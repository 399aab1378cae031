import { useId } from 'react'

type StepperProps = {
  label: string
  hint?: string | null | undefined
  value: number
  least: number
  most: number
  problem?: string | undefined
  onChange: (value: number) => void
}

/** A whole number, by buttons or typed. */
export function Stepper({ label, hint, value, least, most, problem, onChange }: StepperProps) {
  const id = useId()
  const set = (next: number) => onChange(Math.min(most, Math.max(least, Math.round(next) || least)))
  return (
    <div className="plan-stepper">
      <div className="plan-stepper-words">
        <label className="field-label" htmlFor={id}>
          {label}
        </label>
        {hint && <span className="field-hint">{hint}</span>}
      </div>
      <div className="plan-stepper-control">
        <button
          type="button"
          className="plan-stepper-button"
          aria-label={`One fewer: ${label}`}
          aria-disabled={value <= least}
          onClick={() => set(value - 1)}
        >
          −
        </button>
        <input
          id={id}
          className="plan-stepper-number"
          type="number"
          inputMode="numeric"
          min={least}
          max={most}
          step={1}
          value={value}
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : `${id}-problem`}
          onChange={(event) => set(event.target.valueAsNumber)}
        />
        <button
          type="button"
          className="plan-stepper-button"
          aria-label={`One more: ${label}`}
          aria-disabled={value >= most}
          onClick={() => set(value + 1)}
        >
          +
        </button>
      </div>
      {problem !== undefined && (
        <span className="field-problem" id={`${id}-problem`} role="alert">
          {problem}
        </span>
      )}
    </div>
  )
}
