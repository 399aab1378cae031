import { Fragment, useState } from 'react'
import { formatMoney, isZero } from '../../formats.ts'
import { expiryDateOf, isExpired, shortNameOf } from '../../payment-method-words.ts'
import { type CheckoutMethod, type Payment, type PaymentMethod, wasReturned } from '../checkout-api.ts'
import type { OrderView } from '../checkout-view.ts'
import { fullPageUrl } from '../visit.ts'

type PayButtonsProps = { view: OrderView; onPay: (payment: Payment) => void }

export function PayButtons({ view, onPay }: PayButtonsProps) {
  const { checkout, paying, wanted } = view
  const [saveMethod, setSaveMethod] = useState(checkout.saveMethod)
  const disabled = paying !== null || wanted !== null
  const button = { paying, disabled, onPay: (method: CheckoutMethod) => onPay({ method, saveMethod }) }
  const keep = saveMethod === null ? null : <KeepCard keep={saveMethod} disabled={disabled} onChange={setSaveMethod} />
  if (checkout.setup) {
    return (
      <div className="actions">
        <PayButton kind="primary" method="NEW_CARD" {...button}>
          Add a payment method
        </PayButton>
        <p className="actions-note">You enter its details on the next page.</p>
      </div>
    )
  }
  if (isZero(checkout.dueNow.amount)) {
    return (
      <div className="actions">
        <PayButton kind="primary" method="NEW_CARD" {...button}>
          {checkout.trialEndsAt ? 'Start the free trial' : 'Confirm'}
        </PayButton>
      </div>
    )
  }
  const amount = formatMoney(checkout.dueNow)
  const card = checkout.paymentMethod
  if (!card) {
    return (
      <div className="actions">
        {keep}
        <PayButton kind="primary" method="NEW_CARD" {...button}>
          {`Pay ${amount}`}
        </PayButton>
        <p className="actions-note">You enter your card on the next page.</p>
      </div>
    )
  }
  const expired = isExpired(card, Date.now())
  // What was declined a moment ago is no longer the first thing to try.
  const declined = view.failure !== null && !wasReturned(view.failure)
  const onFile = !expired && (
    <Fragment key="on-file">
      <PayButton kind={declined ? 'plain' : 'primary'} method="CARD_ON_FILE" {...button}>
        {`Pay with ${shortNameOf(card)}`}
      </PayButton>
      <CardNote card={card} expired={false} />
    </Fragment>
  )
  const another = (
    <PayButton key="another" kind={expired || declined ? 'primary' : 'plain'} method="NEW_CARD" {...button}>
      {expired ? `Pay ${amount} with another card` : 'Use another card'}
    </PayButton>
  )
  return (
    <div className="actions">
      {expired && <CardNote card={card} expired />}
      {keep}
      {declined ? [another, onFile] : [onFile, another]}
    </div>
  )
}

type KeepCardProps = { keep: boolean; disabled: boolean; onChange: (keep: boolean) => void }

/** Whoever pays an invoice may be somebody else than its customer: their card is kept if they say so. */
function KeepCard({ keep, disabled, onChange }: KeepCardProps) {
  return (
    <label className="choice">
      <input type="checkbox" checked={keep} disabled={disabled} onChange={({ target }) => onChange(target.checked)} />
      Use this card for future payments
    </label>
  )
}

/** What there is to know about the card that is going to be charged. */
function CardNote({ card, expired }: { card: PaymentMethod; expired: boolean }) {
  const expiry = expiryDateOf(card)
  if (!expiry) return null
  return (
    <p className="actions-note">
      {expired
        ? `Your card on file, ${shortNameOf(card)}, expired ${expiry}.`
        : `Your card on file, expires ${expiry}.`}
    </p>
  )
}

type PayButtonProps = {
  kind: 'primary' | 'plain'
  method: CheckoutMethod
  paying: CheckoutMethod | null
  disabled: boolean
  onPay: (method: CheckoutMethod) => void
  children: string
}

function PayButton({ kind, method, paying, disabled, onPay, children }: PayButtonProps) {
  const busy = paying === method
  return (
    <button
      type="button"
      className={`button button-${kind}`}
      disabled={disabled}
      aria-busy={busy}
      onClick={() => onPay(method)}
    >
      {busy && <span className="spinner" aria-hidden="true" />}
      {children}
    </button>
  )
}

export function FullPageLink({ token }: { token: string }) {
  return (
    <div className="actions">
      <p className="problem">To keep your payment safe, this order can only be paid on its own page.</p>
      <a className="button button-primary" href={fullPageUrl(token)} target="_blank" rel="noopener">
        Open in full page
      </a>
    </div>
  )
}
