import { formatMoney } from '../../formats.ts'
import { ViewHeading } from '../../view-heading.tsx'
import type { CheckoutMethod } from '../checkout-api.ts'
import type { OrderView as Order } from '../checkout-view.ts'
import { failureAdvice } from '../failure-words.ts'
import { formatTime, renewalSentence } from '../formats.ts'
import { CreditsChange } from './credits-change.tsx'
import { FullPageLink, PayButtons } from './pay-buttons.tsx'

type OrderViewProps = {
  view: Order
  onPay: (method: CheckoutMethod) => void
  /** Set where this frame may not take a payment: its page can't be told about it. */
  fullPageToken: string | null
}

/** What is bought, what it costs now and later, what it does to the balance, and the button. */
export function OrderView({ view, onPay, fullPageToken }: OrderViewProps) {
  const { checkout } = view
  const later = renewalSentence(checkout)
  return (
    <article className="card order">
      <section className="order-what">
        <ViewHeading>{checkout.title}</ViewHeading>
        {checkout.description && <p className="order-description">{checkout.description}</p>}
        <p className="order-due">
          <span className="order-due-label">Due today</span>
          <strong className="order-due-amount">{formatMoney(checkout.dueNow)}</strong>
        </p>
        {later && <p className="order-later">{later}</p>}
      </section>
      <section className="order-details">
        <OrderLines view={view} />
        <CreditsChange credits={checkout.creditsAfter} />
        <OrderProblem view={view} />
        {fullPageToken === null ? <PayButtons view={view} onPay={onPay} /> : <FullPageLink token={fullPageToken} />}
        <p className="order-expiry">This order is held for you until {formatTime(checkout.expiresAt)}.</p>
      </section>
    </article>
  )
}

function OrderLines({ view: { checkout } }: { view: Order }) {
  const { currency } = checkout.dueNow
  return (
    <dl className="lines" aria-label="Order">
      {[...checkout.lines.entries()].map(([position, line]) => (
        <div key={position} className="line">
          <dt>{line.description}</dt>
          <dd>{formatMoney({ amount: line.amount, currency })}</dd>
        </div>
      ))}
      <div className="line line-total">
        <dt>Total due today</dt>
        <dd>{formatMoney(checkout.dueNow)}</dd>
      </div>
    </dl>
  )
}

function OrderProblem({ view: { failure, notice } }: { view: Order }) {
  if (failure) {
    return (
      <p className="problem problem-bad" role="alert">
        <strong>The payment did not go through.</strong> {failureAdvice(failure)} Nothing was charged.
      </p>
    )
  }
  if (!notice) return null
  return (
    <p className="problem" role="alert">
      {notice === 'came-back-unpaid'
        ? 'You came back without paying. Nothing was charged; your order is still here.'
        : 'The payment could not be started. Nothing was charged. Please try again.'}
    </p>
  )
}
