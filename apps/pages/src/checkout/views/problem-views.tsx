import { Notice } from '../../notice.tsx'
import type { Checkout } from '../checkout-api.ts'

export function UnknownView() {
  return (
    <Notice tone="quiet" title="We don’t know this order">
      <p>The link may have been cut short, or it is very old. Please go back to the app and start again from there.</p>
    </Notice>
  )
}

export function UnreachableView({ onRetry }: { onRetry: () => void }) {
  return (
    <Notice
      tone="bad"
      title="We can’t reach the server"
      actions={
        <button type="button" className="button button-primary" onClick={onRetry}>
          Try again
        </button>
      }
    >
      <p>
        Please check your connection. If you have just paid, trying again shows how it went; you won’t be charged twice.
      </p>
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
