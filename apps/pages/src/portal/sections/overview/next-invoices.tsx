import type { BillingState, SubscriptionState } from '@florin/sdk'
import { useUpcomingInvoice } from '@florin/sdk/react'
import { useEffect, useRef } from 'react'
import { formatDay } from '../../../days.ts'
import { formatMoney, formatNumber, isZero } from '../../../formats.ts'
import { Panel } from '../../panel.tsx'
import { usePortalContents } from '../../portal-context.ts'

type NextInvoicesProps = { subscriptions: readonly SubscriptionState[]; accountCredit: BillingState['accountCredit'] }

/** What will be asked for when the running periods end, as far as it is known now. */
export function NextInvoices({ subscriptions, accountCredit }: NextInvoicesProps) {
  const running = subscriptions.filter(({ status }) => status !== 'PAUSED' && status !== 'CANCELED')
  const credit = accountCredit && !isZero(accountCredit.amount) ? accountCredit : null
  if (running.length === 0 && !credit) return null
  return (
    <Panel title="Coming up">
      {running.map((subscription) => (
        <NextInvoice key={subscription.id} subscription={subscription} />
      ))}
      {credit && (
        <p className="quiet small">
          You have <strong className="strong">{formatMoney(credit)}</strong> of account credit. Your next invoices use
          it first.
        </p>
      )}
    </Panel>
  )
}

function NextInvoice({ subscription }: { subscription: SubscriptionState }) {
  const { portal } = usePortalContents()
  const { value: invoice, loading, error, reload } = useUpcomingInvoice(subscription.id)
  useReloadOnChange(subscription, reload)
  const { rateCard, currentPeriodEnd } = subscription
  const day = formatDay(currentPeriodEnd, portal.timezone)
  const lines = invoice ? [...invoice.lines.entries()] : []
  return (
    <section className="upcoming" aria-label={`Next invoice of ${rateCard.name}`} aria-busy={loading}>
      <dl className="lines">
        <div className="line">
          <dt>
            <span className="strong">{rateCard.name}</span>, <span className="whole">on {day}</span>
          </dt>
          <dd className="upcoming-total">
            {invoice
              ? formatMoney({ amount: invoice.amountDue, currency: invoice.currency })
              : words(loading, error !== undefined)}
          </dd>
        </div>
        {invoice &&
          lines.length > 1 &&
          lines.map(([position, { description, quantity, amount }]) => (
            <div key={position} className="line small">
              <dt>
                {description}
                {quantity !== '1' && <span className="line-quantity"> × {formatNumber(quantity)}</span>}
              </dt>
              <dd className="quiet">{formatMoney({ amount, currency: invoice.currency })}</dd>
            </div>
          ))}
      </dl>
    </section>
  )
}

/** Usage moves it a little, now and then; another period, card or number moves it at once. */
function useReloadOnChange(subscription: SubscriptionState, reload: () => Promise<void>): void {
  const { currentPeriodEnd, cancelAtPeriodEnd, rateCard, pendingRateCard, quantities } = subscription
  const terms = JSON.stringify([currentPeriodEnd, cancelAtPeriodEnd, rateCard.code, pendingRateCard?.code, quantities])
  const before = useRef(terms)
  useEffect(() => {
    if (before.current === terms) return
    before.current = terms
    void reload()
  }, [terms, reload])
}

function words(loading: boolean, failed: boolean): string {
  if (loading) return '…'
  return failed ? 'Not known right now' : 'Nothing to pay'
}
