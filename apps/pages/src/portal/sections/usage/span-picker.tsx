import { useId } from 'react'
import { Field } from '../../field.tsx'
import type { CustomDays, CustomProblems, SpanChoice } from './spans.ts'
import { SPAN_LABELS } from './spans.ts'

type SpanPickerProps = {
  choices: readonly SpanChoice[]
  choice: SpanChoice
  onChoose: (choice: SpanChoice) => void
  custom: CustomDays
  today: string
  problems: CustomProblems
  onCustom: (custom: CustomDays) => void
}

/** Which days to look at. */
export function SpanPicker({ choices, choice, onChoose, custom, today, problems, onCustom }: SpanPickerProps) {
  const name = useId()
  return (
    <>
      <fieldset className="chips">
        <legend className="visually-hidden">Time</legend>
        {choices.map((each) => (
          <label key={each} className="chip">
            <input
              className="chip-input"
              type="radio"
              name={name}
              value={each}
              checked={choice === each}
              onChange={() => onChoose(each)}
            />
            {SPAN_LABELS[each]}
          </label>
        ))}
      </fieldset>
      {choice === 'custom' && (
        <div className="form-pair">
          <Field label="First day" problem={problems.first ?? null}>
            {(control) => (
              <input
                className="input"
                type="date"
                max={today}
                {...control}
                value={custom.first}
                onChange={({ target }) => onCustom({ ...custom, first: target.value })}
              />
            )}
          </Field>
          <Field label="Last day" problem={problems.last ?? null}>
            {(control) => (
              <input
                className="input"
                type="date"
                max={today}
                {...control}
                value={custom.last}
                onChange={({ target }) => onCustom({ ...custom, last: target.value })}
              />
            )}
          </Field>
        </div>
      )}
    </>
  )
}
