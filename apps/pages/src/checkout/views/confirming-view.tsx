import { useEffect, useState } from 'react'
import { formatMoney } from '../../formats.ts'
import { ViewHeading } from '../../view-heading.tsx'
import type { Checkout } from '../checkout-api.ts'

const PATIENCE_MS = 8000

/** The payment was made or may have been made; the provider is being asked. Going back is safe: an order is paid once. */
export function ConfirmingView({ checkout, onBack }: { checkout: Checkout; onBack: () => void }) {
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [])
  const title = checkout.setup ? 'Saving your payment method' : 'Confirming your payment'
  return (
    <section className="card notice" aria-busy="true">
      <span className="spinner spinner-large" aria-hidden="true" />
      <ViewHeading>{title}</ViewHeading>
      <div className="notice-text">
        <p role="status">
          {slow
            ? 'The bank is taking its time. You may close this page: the order completes by itself once the bank answers.'
            : `${checkout.setup ? '' : `${checkout.title}, ${formatMoney(checkout.dueNow)}. `}This takes a few seconds.`}
        </p>
      </div>
      <div className="progress" role="progressbar" aria-label={title} />
      {slow && (
        <div className="actions">
          <button type="button" className="button button-plain" onClick={onBack}>
            Back to the order
          </button>
        </div>
      )}
    </section>
  )
}
