import { formatMoney, formatNumber } from '../../formats.ts'
import type { CheckoutLine } from '../checkout-api.ts'
import { lineWords } from '../formats.ts'

/** A line of what is bought: in a checkout, and in the preview of a change that leads to one. */
export function OrderLine({ line, currency }: { line: CheckoutLine; currency: string }) {
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
