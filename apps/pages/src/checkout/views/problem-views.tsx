import { formatMoney } from '../../formats.ts'
import { Notice } from '../../notice.tsx'
import type { Checkout } from '../checkout-api.ts'

export function UnknownView() {
  return (
    <Notice tone="unknown" title="We don’t know this order">
      <p>The link may have been cut short, or it is very old. Please go back to the app and start again from there.</p>
    </Notice>
  )
}

/** `onClose`: where an overlay around this page closes it, which leads back to the page underneath. */
type ProblemProps = { checkout: Checkout; framed: boolean; onClose: (() => void) | null }

export function ExpiredView(props: ProblemProps) {
  const { failure, setup } = props.checkout
  const { name } = props.checkout.brand
  if (failure) {
    return (
      <Notice tone="bad" title="The payment did not go through" actions={<WayBack {...props} />}>
        <p>{failure.message} Nothing was charged.</p>
        <p>Go back to {name} to start again.</p>
      </Notice>
    )
  }
  if (setup) {
    return (
      <Notice tone="quiet" title="This page has expired" actions={<WayBack {...props} />}>
        <p>No payment method was saved. Go back to {name} to start again.</p>
      </Notice>
    )
  }
  return (
    <Notice tone="quiet" title="This order has expired" actions={<WayBack {...props} />}>
      <p>Orders are held for an hour, so that prices stay right. Nothing was charged.</p>
      <p>Go back to {name} and start again: it takes a click or two.</p>
    </Notice>
  )
}

export function RefundedView(props: ProblemProps) {
  return (
    <Notice tone="quiet" title="Your payment was returned" actions={<WayBack {...props} />}>
      <p>
        By the time you had paid, this order could no longer be carried out: it was paid in another tab, or your plan or
        the price had changed. You keep what you had.
      </p>
      <p>The whole payment goes back to your card. Banks usually show it within 5 to 10 days.</p>
    </Notice>
  )
}

/** Confirmed by the customer; a debit takes the bank days. */
export function PendingView(props: ProblemProps) {
  const { checkout } = props
  return (
    <Notice tone="quiet" title="Your bank is confirming" actions={<WayBack {...props} />}>
      <p>
        Thank you: your payment of {formatMoney(checkout.dueNow)} for {checkout.title} is on its way. Your bank can take
        a few days to confirm it.
      </p>
      <p>You can close this page. {checkout.title} starts by itself as soon as the money has arrived.</p>
    </Notice>
  )
}

function WayBack({ checkout, framed, onClose }: ProblemProps) {
  const text = `Back to ${checkout.brand.name}`
  if (onClose) {
    return (
      <button type="button" className="button button-primary" onClick={onClose}>
        {text}
      </button>
    )
  }
  return (
    <a className="button button-primary" href={checkout.cancelUrl} target={framed ? '_top' : '_self'}>
      {text}
    </a>
  )
}
