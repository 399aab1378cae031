import { useEffect, useState } from 'react'
import { formatMoney, formatNumber } from '../../formats.ts'
import { Notice } from '../../notice.tsx'
import type { Checkout } from '../checkout-api.ts'
import type { Visit } from '../visit.ts'

const CONTINUE_AFTER_SECONDS = 6

type CompletedViewProps = { checkout: Checkout; justNow: boolean; visit: Visit }

export function CompletedView({ checkout, justNow, visit }: CompletedViewProps) {
  const ownWindow = visit.embed && !visit.framed
  return (
    <Notice
      tone="good"
      title={completedTitle(checkout, justNow)}
      actions={ownWindow ? <CloseWindow /> : <Continue checkout={checkout} auto={justNow && !visit.framed} />}
    >
      {checkout.setup && <p>It is used for your next payments. Nothing was charged.</p>}
      {!justNow && !checkout.setup && <p>It was paid before; nothing was charged again.</p>}
      {ownWindow && <p>You can close this window. The page that you came from has moved on.</p>}
      <Receipt checkout={checkout} />
    </Notice>
  )
}

function completedTitle({ setup, rateCard, bundle, title }: Checkout, justNow: boolean): string {
  if (setup) return 'Your payment method is saved'
  if (!justNow) return 'This order is already paid'
  if (rateCard) return `You’re on ${rateCard.name}`
  return bundle ? `${bundle.name}: added` : `${title} is paid`
}

function Receipt({ checkout: { creditsAfter, invoice } }: { checkout: Checkout }) {
  if (creditsAfter.length === 0 && !invoice) return null
  return (
    <dl className="lines receipt" aria-label="Receipt">
      {creditsAfter.map(({ creditType, name, after }) => (
        <div key={creditType} className="line">
          <dt>{name} now</dt>
          <dd>
            <strong>{formatNumber(after)}</strong>
          </dd>
        </div>
      ))}
      {invoice && (
        <div className="line">
          <dt>
            {invoice.pageUrl ? (
              <ReceiptLink number={invoice.number} url={invoice.pageUrl} />
            ) : (
              `Invoice ${invoice.number}`
            )}
          </dt>
          <dd>{formatMoney({ amount: invoice.total, currency: invoice.currency })} paid</dd>
        </div>
      )}
    </dl>
  )
}

function ReceiptLink({ number, url }: { number: string; url: string }) {
  return (
    <a className="link" href={url} target="_blank" rel="noopener">
      Invoice {number}
      <span className="visually-hidden"> (opens in a new tab)</span>
    </a>
  )
}

/** Goes on by itself, unless the reader wants to stay. A frame's owner closes it, so that nothing moves in there. */
function Continue({ checkout, auto }: { checkout: Checkout; auto: boolean }) {
  const [seconds, setSeconds] = useState(auto ? CONTINUE_AFTER_SECONDS : null)
  useEffect(() => {
    if (seconds === null) return
    if (seconds === 0) return location.assign(checkout.successUrl)
    const timer = setTimeout(() => setSeconds(seconds - 1), 1000)
    return () => clearTimeout(timer)
  }, [seconds, checkout.successUrl])
  return (
    <>
      <a className="button button-primary" href={checkout.successUrl} target="_top">
        Continue to {checkout.brand.name}
      </a>
      {seconds !== null && (
        <p className="continue">
          Going back in {seconds} s.{' '}
          <button type="button" className="link" onClick={() => setSeconds(null)}>
            Stay here
          </button>
        </p>
      )}
    </>
  )
}

function CloseWindow() {
  return (
    <button type="button" className="button button-primary" onClick={() => window.close()}>
      Close this window
    </button>
  )
}
