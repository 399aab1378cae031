import { formatMoney, formatNumber, isZero } from '../../formats.ts'
import type { Checkout, CheckoutLine } from '../checkout-api.ts'
import { lineWords } from '../formats.ts'

/** From what is bought to what is due now. */
export function OrderLines({ checkout, changing }: { checkout: Checkout; changing: boolean }) {
  const { dueNow, lines, tax } = checkout
  return (
    <div className={changing ? 'order-sums is-changing' : 'order-sums'} aria-busy={changing}>
      <dl className="lines" aria-label="Order">
        {[...lines.entries()].map(([position, line]) => (
          <Line key={position} line={line} currency={dueNow.currency} />
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

function Line({ line, currency }: { line: CheckoutLine; currency: string }) {
  const { what, detail } = lineWords(line)
  return (
    <div className="line">
      <dt>
        {what}
        {line.quantity !== '1' && <span className="line-quantity"> × {formatNumber(line.quantity)}</span>}
        {detail && <span className="line-detail">{detail}</span>}
      </dt>
      <dd>{formatMoney({ amount: line.amount, currency })}</dd>
    </div>
  )
}
