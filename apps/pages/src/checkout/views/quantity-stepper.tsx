import { useId, useState } from 'react'
import { formatMoney, formatNumber } from '../../formats.ts'
import type { CheckoutQuantity } from '../checkout-api.ts'
import type { Wanted } from '../checkout-view.ts'

type QuantityStepperProps = {
  offered: CheckoutQuantity
  /** What was chosen and is not confirmed yet. */
  wanted: number | null
  disabled: boolean
  onChoose: (wanted: Wanted) => void
}

/** One number with a button on either side; typed, stepped by the arrow keys, or clicked. */
export function QuantityStepper({ offered, wanted, disabled, onChoose }: QuantityStepperProps) {
  const { code, name, least, most, unitPrice } = offered
  const id = useId()
  const chosen = wanted ?? offered.quantity
  // What is being typed may be no number yet.
  const [typed, setTyped] = useState<string | null>(null)
  const isBad = typed !== null && !isWithin(typed, offered)

  const choose = (quantity: number) => {
    setTyped(null)
    if (quantity !== chosen && quantity >= least && quantity <= most) onChoose({ code, quantity })
  }
  const type = (text: string) => {
    setTyped(text)
    if (isWithin(text, offered) && Number(text) !== chosen) onChoose({ code, quantity: Number(text) })
  }
  return (
    <div className="quantity">
      <div className="quantity-what">
        <label htmlFor={id}>{name}</label>
        {unitPrice && <span className="quantity-price">{formatMoney(unitPrice)} each</span>}
      </div>
      <div className="stepper">
        <button
          type="button"
          className="stepper-button"
          aria-label={`One fewer: ${name}`}
          disabled={disabled || chosen <= least}
          onClick={() => choose(chosen - 1)}
        >
          −
        </button>
        <input
          id={id}
          className="stepper-number"
          type="number"
          inputMode="numeric"
          min={least}
          max={most}
          step={1}
          value={typed ?? chosen}
          disabled={disabled}
          aria-invalid={isBad}
          aria-describedby={isBad ? `${id}-bad` : undefined}
          onChange={(event) => type(event.target.value)}
          onBlur={() => setTyped(null)}
        />
        <button
          type="button"
          className="stepper-button"
          aria-label={`One more: ${name}`}
          disabled={disabled || chosen >= most}
          onClick={() => choose(chosen + 1)}
        >
          +
        </button>
      </div>
      {isBad && (
        <p className="quantity-bad" id={`${id}-bad`} role="alert">
          Please choose a whole number from {formatNumber(String(least))} to {formatNumber(String(most))}.
        </p>
      )}
    </div>
  )
}

function isWithin(text: string, { least, most }: CheckoutQuantity): boolean {
  return /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most
}
