import type { SubscriptionState } from '@florin/sdk'
import { useUpcomingInvoice } from '@florin/sdk/react'
import { formatDay } from '../../../days.ts'
import { formatNumber, isZero } from '../../../formats.ts'
import { moneyOf } from '../../amounts.ts'
import { Panel } from '../../panel.tsx'

type UpcomingInvoiceProps = { subscription: SubscriptionState; named: boolean; timezone: string }

/** What the end of the running period would cost if nothing more were used. */
export function UpcomingInvoice({ subscription, named, timezone }: UpcomingInvoiceProps) {
  const { value: invoice, loading, error, reload } = useUpcomingInvoice(subscription.id)
  const { currentPeriodEnd, rateCard } = subscription
  const title = named ? `Next invoice: ${rateCard.name}` : 'Next invoice'
  return (
    <Panel title={title} aside={<span className="quiet small">{formatDay(currentPeriodEnd, timezone)}</span>}>
      {loading && <p className="line-skeleton" role="status" aria-label="Loading the next invoice…" />}
      {error && !invoice && (
        <p className="quiet">
          What it will come to can’t be told at the moment.{' '}
          <button type="button" className="link" onClick={() => void reload()}>
            Try again
          </button>
        </p>
      )}
      {invoice === null && <p className="quiet">So far there is nothing to pay at the end of this period.</p>}
      {invoice && (
        <>
          <dl className="lines">
            {[...invoice.lines.entries()].map(([position, { description, quantity, amount }]) => (
              <div key={position} className="line">
                <dt>
                  {description}
                  {quantity !== '1' && <span className="line-quantity"> × {formatNumber(quantity)}</span>}
                </dt>
                <dd>{moneyOf(amount, invoice.currency)}</dd>
              </div>
            ))}
            {!isZero(invoice.creditUsed) && (
              <div className="line">
                <dt>Account credit</dt>
                <dd>−{moneyOf(invoice.creditUsed, invoice.currency)}</dd>
              </div>
            )}
            <div className="line line-total">
              <dt>Due so far</dt>
              <dd>{moneyOf(invoice.amountDue, invoice.currency)}</dd>
            </div>
          </dl>
          <p className="quiet small">This grows with what you use until {formatDay(currentPeriodEnd, timezone)}.</p>
        </>
      )}
    </Panel>
  )
}
