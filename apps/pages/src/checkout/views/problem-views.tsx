import { Notice } from '../../notice.tsx'
import type { Checkout } from '../checkout-api.ts'

export function UnknownView() {
  return (
    <Notice tone="quiet" title="We don’t know this order">
      <p>The link may have been cut short, or it is very old. Please go back to the app and start again from there.</p>
    </Notice>
  )
}

type ProblemProps = { checkout: Checkout; framed: boolean }

export function ExpiredView({ checkout, framed }: ProblemProps) {
  return (
    <Notice tone="quiet" title="This order has expired" actions={<BackLink checkout={checkout} framed={framed} />}>
      <p>Orders are held for an hour. Nothing was charged. Go back to {checkout.merchant} to start a new one.</p>
    </Notice>
  )
}

export function RefundedView({ checkout, framed }: ProblemProps) {
  return (
    <Notice
      tone="quiet"
      title="Your second payment was returned"
      actions={<BackLink checkout={checkout} framed={framed} />}
    >
      <p>
        Somebody had already paid for this in another tab. You paid for it once: the second payment has been returned to
        your card.
      </p>
    </Notice>
  )
}

function BackLink({ checkout, framed }: ProblemProps) {
  return (
    <a className="button button-primary" href={checkout.cancelUrl} target={framed ? '_top' : '_self'}>
      Back to {checkout.merchant}
    </a>
  )
}
