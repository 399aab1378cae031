import { formatMoney } from '../../formats.ts'
import type { CheckoutMethod } from '../checkout-api.ts'
import type { OrderView } from '../checkout-view.ts'
import { formatCard, isNothing } from '../formats.ts'
import { fullPageUrl } from '../visit.ts'

type PayButtonsProps = { view: OrderView; onPay: (method: CheckoutMethod) => void }

export function PayButtons({ view, onPay }: PayButtonsProps) {
  const { checkout, paying } = view
  if (isNothing(checkout.dueNow)) {
    return (
      <div className="actions">
        <PayButton kind="primary" method="NEW_CARD" paying={paying} onPay={onPay}>
          {checkout.rateCard?.trialDays ? 'Start the free trial' : 'Confirm'}
        </PayButton>
      </div>
    )
  }
  const card = checkout.paymentMethod
  const first: CheckoutMethod = card ? 'CARD_ON_FILE' : 'NEW_CARD'
  return (
    <div className="actions">
      <PayButton kind="primary" method={first} paying={paying} onPay={onPay}>
        {card ? `Pay with ${formatCard(card)}` : `Pay ${formatMoney(checkout.dueNow)}`}
      </PayButton>
      {card && (
        <PayButton kind="plain" method="NEW_CARD" paying={paying} onPay={onPay}>
          Use another card
        </PayButton>
      )}
    </div>
  )
}

type PayButtonProps = {
  kind: 'primary' | 'plain'
  method: CheckoutMethod
  paying: CheckoutMethod | null
  onPay: (method: CheckoutMethod) => void
  children: string
}

function PayButton({ kind, method, paying, onPay, children }: PayButtonProps) {
  const busy = paying === method
  return (
    <button
      type="button"
      className={`button button-${kind}`}
      disabled={paying !== null}
      aria-busy={busy}
      onClick={() => onPay(method)}
    >
      {busy && <span className="spinner" aria-hidden="true" />}
      {children}
    </button>
  )
}

export function FullPageLink({ token }: { token: string }) {
  return (
    <div className="actions">
      <p className="problem">To keep your payment safe, this order can only be paid on its own page.</p>
      <a className="button button-primary" href={fullPageUrl(token)} target="_blank" rel="noopener">
        Open in full page
      </a>
    </div>
  )
}
