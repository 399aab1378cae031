import { formatMoney, formatNumber } from '../../formats.ts'
import type { InvoicePage } from '../invoice-api.ts'
import { isSamePeriod, periodOf } from '../invoice-words.ts'

/** A line says its period where it is not the invoice's. */
export function InvoiceLines({ page: { invoice, items, timezone } }: { page: InvoicePage }) {
  const { currency } = invoice
  return (
    <table className="items">
      <caption className="visually-hidden">What it is for</caption>
      <thead>
        <tr>
          <th scope="col">Description</th>
          <th scope="col">Quantity</th>
          <th scope="col">Amount</th>
        </tr>
      </thead>
      <tbody>
        {[...items.entries()].map(([position, line]) => (
          <tr key={position}>
            <th scope="row">
              {line.description}
              {!isSamePeriod(line, invoice) && <span className="items-period">{periodOf(line, timezone)}</span>}
            </th>
            <td>{formatNumber(line.quantity)}</td>
            <td>{formatMoney({ amount: line.amount, currency })}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
