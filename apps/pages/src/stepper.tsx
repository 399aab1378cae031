import { useId, useState } from 'react'
import { formatNumber } from './formats.ts'

type StepperProps = {
  /** What there is so many of. */
  label: string
  /** The label is for screen readers alone, where its heading already stands there. */
  labelHidden?: boolean
  hint?: string | null | undefined
  value: number
  least: number
  most: number
  disabled?: boolean
  /** What somebody else finds wrong with the number. */
  problem?: string | undefined
  onChange: (value: number) => void
}

/** A whole number: a button on either side, typed, or stepped by the arrow keys. What is typed counts once it is one in range. */
export function Stepper(props: StepperProps) {
  const { label, labelHidden = false, hint, value, least, most, disabled = false, onChange } = props
  const id = useId()
  const [typed, setTyped] = useState<string | null>(null)
  const isBad = typed !== null && !isWithin(typed, least, most)
  const problem = isBad ? rangeWords(least, most) : props.problem

  const set = (next: number) => {
    setTyped(null)
    if (next !== value && next >= least && next <= most) onChange(next)
  }
  const type = (text: string) => {
    setTyped(text)
    if (isWithin(text, least, most) && Number(text) !== value) onChange(Number(text))
  }
  const step = { disabled, value, least, most, label, onStep: set }
  return (
    <div className="stepper">
      <div className={labelHidden ? 'visually-hidden' : 'stepper-words'}>
        <label className="stepper-label" htmlFor={id}>
          {label}
        </label>
        {hint && <span className="stepper-hint">{hint}</span>}
      </div>
      <div className="stepper-control">
        <StepButton by={-1} {...step} />
        <input
          id={id}
          className="stepper-number"
          type="number"
          inputMode="numeric"
          min={least}
          max={most}
          step={1}
          value={typed ?? value}
          disabled={disabled}
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : `${id}-problem`}
          onChange={(event) => type(event.target.value)}
          onBlur={() => setTyped(null)}
        />
        <StepButton by={1} {...step} />
      </div>
      {problem !== undefined && (
        <p className="stepper-problem" id={`${id}-problem`} role="alert">
          {problem}
        </p>
      )}
    </div>
  )
}

type StepButtonProps = Pick<StepperProps, 'label' | 'value' | 'least' | 'most'> & {
  by: 1 | -1
  disabled: boolean
  onStep: (next: number) => void
}

/** At an end of the range it stays where it is, so that it keeps the focus. */
function StepButton({ by, label, value, least, most, disabled, onStep }: StepButtonProps) {
  return (
    <button
      type="button"
      className="stepper-button"
      aria-label={`One ${by > 0 ? 'more' : 'fewer'}: ${label}`}
      aria-disabled={by > 0 ? value >= most : value <= least}
      disabled={disabled}
      onClick={() => onStep(value + by)}
    >
      {by > 0 ? '+' : '−'}
    </button>
  )
}

function isWithin(text: string, least: number, most: number): boolean {
  return /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most
}

const rangeWords = (least: number, most: number) =>
  `Please choose a whole number from ${formatNumber(String(least))} to ${formatNumber(String(most))}.`
