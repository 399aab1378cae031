import { formatMoney, isZero } from '../../formats.ts'
import type { Checkout } from '../checkout-api.ts'
import { OrderLine } from './order-line.tsx'

/** From what is bought to what is due now. */
export function OrderLines({ checkout, changing }: { checkout: Checkout; changing: boolean }) {
  const { dueNow, lines, tax } = checkout
  return (
    <div className={changing ? 'order-sums is-changing' : 'order-sums'} aria-busy={changing}>
      <dl className="lines" aria-label="Order">
        {[...lines.entries()].map(([position, line]) => (
          <OrderLine key={position} line={line} currency={dueNow.currency} />
        ))}
        <div className="line line-total">
          <dt>Total due today</dt>
          <dd>{formatMoney(dueNow)}</dd>
        </div>
      </dl>
      {tax && !isZero(tax.amount.amount) && tax.included && (
        <p className="order-sums-note">Tax is included in our prices.</p>
      )}
      <p className="visually-hidden" role="status">
        {changing ? 'Working out the total…' : `Total due today: ${formatMoney(dueNow)}`}
      </p>
    </div>
  )
}
