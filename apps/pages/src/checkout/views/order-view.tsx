import { formatMoney } from '../../formats.ts'
import { Stepper } from '../../stepper.tsx'
import { ViewHeading } from '../../view-heading.tsx'
import { type Checkout, type Payment, wasReturned } from '../checkout-api.ts'
import type { OrderView as Order, OrderNotice, Wanted } from '../checkout-view.ts'
import { cancelSentence, formatTime, renewalSentence } from '../formats.ts'
import { CreditsChange } from './credits-change.tsx'
import { OrderLines } from './order-lines.tsx'
import { FullPageLink, PayButtons } from './pay-buttons.tsx'

type OrderViewProps = {
  view: Order
  onPay: (payment: Payment) => void
  onChoose: (wanted: Wanted) => void
  /** Set where this frame may not take a payment: its page can't be told about it. */
  fullPageToken: string | null
  /** Where an overlay around this page closes it. */
  onClose: (() => void) | null
}

/** What is bought, what it costs now and later, what it does to the balance, and the button. */
export function OrderView({ view, onPay, onChoose, fullPageToken, onClose }: OrderViewProps) {
  const { checkout, wanted, paying } = view
  const changing = wanted !== null
  return (
    <article className="card order">
      <OrderHeadline checkout={checkout} changing={changing} />
      <section className="order-details">
        {checkout.quantities.map((offered) => (
          <div className="quantity" key={offered.code}>
            <Stepper
              label={offered.name}
              hint={offered.unitPrice && `${formatMoney(offered.unitPrice)} each`}
              value={wanted?.code === offered.code ? wanted.quantity : offered.quantity}
              least={offered.least}
              most={offered.most}
              disabled={paying !== null || fullPageToken !== null}
              onChange={(quantity) => onChoose({ code: offered.code, quantity })}
            />
          </div>
        ))}
        {checkout.lines.length > 0 && <OrderLines checkout={checkout} changing={changing} />}
        <CreditsChange credits={checkout.creditsAfter} changing={changing} />
        <OrderProblem view={view} />
        {fullPageToken === null ? <PayButtons view={view} onPay={onPay} /> : <FullPageLink token={fullPageToken} />}
        <SmallPrint checkout={checkout} onClose={onClose} />
      </section>
    </article>
  )
}

function OrderHeadline({ checkout, changing }: { checkout: Checkout; changing: boolean }) {
  const later = renewalSentence(checkout)
  const cancel = cancelSentence(checkout)
  return (
    <section className="order-what">
      <ViewHeading>{checkout.setup ? 'Add a payment method' : checkout.title}</ViewHeading>
      {checkout.description && <p className="order-description">{checkout.description}</p>}
      {checkout.setup ? (
        <p className="order-description">
          {checkout.brand.name} keeps it for your next payments. Nothing is charged now.
        </p>
      ) : (
        <p className={changing ? 'order-due is-changing' : 'order-due'}>
          <span className="order-due-label">{checkout.trialEndsAt ? 'Free trial, due today' : 'Due today'}</span>
          <strong className="order-due-amount">{formatMoney(checkout.dueNow)}</strong>
        </p>
      )}
      {later && <p className="order-later">{later}</p>}
      {cancel && <p className="order-cancel">{cancel}</p>}
    </section>
  )
}

function SmallPrint({ checkout, onClose }: { checkout: Checkout; onClose: (() => void) | null }) {
  return (
    <div className="order-small">
      <Agreement brand={checkout.brand} />
      <p>
        {checkout.setup ? 'This page is' : 'This order is'} held for you until {formatTime(checkout.expiresAt)}.{' '}
        {onClose ? (
          <button type="button" className="link" onClick={onClose}>
            Cancel
          </button>
        ) : (
          <a href={checkout.cancelUrl} target="_top">
            Cancel and go back
          </a>
        )}
      </p>
    </div>
  )
}

/** What the customer agrees to with the button above. */
function Agreement({ brand: { name, termsUrl, privacyUrl } }: Pick<Checkout, 'brand'>) {
  const link = (href: string, text: string) => (
    <a href={href} target="_blank" rel="noreferrer">
      {text}
    </a>
  )
  if (!termsUrl && !privacyUrl) return null
  return (
    <p>
      {termsUrl && <>By going on you agree to the {link(termsUrl, `terms of ${name}`)}. </>}
      {privacyUrl && <>{link(privacyUrl, 'Privacy policy')}</>}
    </p>
  )
}

const NOTICES: Record<Exclude<OrderNotice, null>, string> = {
  'came-back-unpaid': 'You came back without paying. Nothing was charged; your order is still here.',
  'did-not-start': 'The payment could not be started. Nothing was charged. Please try again.',
  changed: 'This order has changed since you looked at it. Nothing was charged. Please look at the total, then pay.',
}

const SETUP_NOTICE = 'Nothing was saved, and nothing was charged. You can try again.'

function OrderProblem({ view: { checkout, failure, notice, refusal } }: { view: Order }) {
  if (failure) {
    return (
      <p className="problem problem-bad" role="alert">
        {wasReturned(failure) ? (
          <>
            <strong>Your payment was returned.</strong> What it was for could no longer be had. The whole amount goes
            back to your card.
          </>
        ) : (
          <>
            <strong>{checkout.setup ? 'It could not be saved.' : 'The payment did not go through.'}</strong>{' '}
            {failure.message} Nothing was charged.
          </>
        )}
      </p>
    )
  }
  const text = refusal ?? (notice && (checkout.setup ? SETUP_NOTICE : NOTICES[notice]))
  return text ? (
    <p className="problem" role="alert">
      {text}
    </p>
  ) : null
}
