import type { PaymentMethod } from '@florin/sdk'
import { expiryOf, nameOf } from '../../../payment-method-words.ts'
import { ActionButton } from '../../action-button.tsx'

type PaymentMethodRowProps = {
  method: PaymentMethod
  now: number
  timezone: string
  busy: boolean
  onMakeDefault: () => void
  onRemove: () => void
}

/** One card or account, how long it is good for, and what can be done with it. */
export function PaymentMethodRow({ method, now, timezone, busy, onMakeDefault, onRemove }: PaymentMethodRowProps) {
  const name = nameOf(method)
  const expiry = expiryOf(method, now, timezone)
  return (
    <li className="method">
      <MethodMark account={method.type === 'SEPA_DEBIT'} />
      <div className="method-what">
        <div className="method-title">
          <h3 className="method-name">{name}</h3>
          {method.isDefault && <p className="badge badge-good">Default</p>}
        </div>
        <p className={expiry && expiry.tone !== 'quiet' ? `small method-${expiry.tone}` : 'quiet small'}>
          {expiry ? expiry.words : 'SEPA direct debit'}
        </p>
      </div>
      <div className="method-actions">
        {!method.isDefault && (
          <ActionButton kind="plain" small busy={busy} onClick={onMakeDefault}>
            Make default<span className="visually-hidden">: {name}</span>
          </ActionButton>
        )}
        <button type="button" className="button button-small button-plain" onClick={onRemove}>
          Remove<span className="visually-hidden"> {name}</span>
        </button>
      </div>
    </li>
  )
}

/** A card, or the columns of a bank. */
function MethodMark({ account }: { account: boolean }) {
  return (
    <span className="method-mark">
      <svg className="icon" viewBox="0 0 20 20" aria-hidden="true">
        <path
          d={
            account
              ? 'M3 8.5 10 4l7 4.5zM5 9v5.5M10 9v5.5M15 9v5.5M3 16.5h14'
              : 'M2.5 6.5a1.5 1.5 0 0 1 1.5-1.5h12a1.5 1.5 0 0 1 1.5 1.5v7a1.5 1.5 0 0 1-1.5 1.5H4a1.5 1.5 0 0 1-1.5-1.5zM2.5 8.5h15M5.5 12h3'
          }
        />
      </svg>
    </span>
  )
}
