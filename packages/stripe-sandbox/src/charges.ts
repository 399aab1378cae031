import { noSuch } from './api-error.ts'
import type { Context, Route } from './context.ts'
import type { Decline } from './declines.ts'
import { emit } from './events.ts'
import { newId } from './ids.ts'
import { createdWithin, listParams, page } from './list.ts'
import type { ChargedDetails, PaymentMethod } from './method-objects.ts'
import type { Charge, PaymentIntent } from './objects.ts'
import { type RawParams, readParams, text } from './params.ts'

/** What became of a charge. */
interface Outcome {
  readonly status: Charge['status']
  readonly why?: Decline | null
  /** What a bank account is debited by. */
  readonly mandate?: string | null
}

/** Charges a card for an intent: the money moves, or the charge is kept as failed with the bank's reason. */
export function addCharge(context: Context, intent: PaymentIntent, method: PaymentMethod, why: Decline | null): Charge {
  const status = why ? 'failed' : 'succeeded'
  return announceCharge(context, context.store.charges.put(chargeOf(context, intent, method, { status, why })))
}

export function announceCharge(context: Context, charge: Charge): Charge {
  emit(context, `charge.${charge.status}`, charge)
  return charge
}

/** A charge as it is shown, not yet kept. */
export function chargeOf(context: Context, intent: PaymentIntent, method: PaymentMethod, outcome: Outcome): Charge {
  const { status, why = null, mandate = null } = outcome
  return {
    id: newId('charge'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: status === 'failed' ? 0 : intent.amount,
    amount_refunded: 0,
    balance_transaction: null,
    billing_details: method.billing_details,
    captured: status !== 'failed',
    created: context.now,
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_code: why?.code ?? null,
    failure_message: why?.message ?? null,
    livemode: false,
    metadata: intent.metadata,
    outcome: outcomeOf(why),
    paid: status === 'succeeded',
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: detailsOf(method, mandate),
    receipt_email: intent.receipt_email,
    refunded: false,
    shipping: intent.shipping,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    status,
  }
}

function detailsOf(method: PaymentMethod, mandate: string | null): ChargedDetails {
  if (method.type === 'card') return { type: 'card', card: method.card }
  const { generated_from: _generatedFrom, ...account } = method.sepa_debit
  return { type: 'sepa_debit', sepa_debit: { ...account, mandate: mandate ?? '' } }
}

function outcomeOf(decline: Decline | null): Charge['outcome'] {
  if (!decline) {
    const seller_message = 'Payment complete.'
    return { network_status: 'approved_by_network', reason: null, seller_message, type: 'authorized' }
  }
  const reason = decline.decline_code ?? decline.code
  if (reason === 'fraudulent') {
    const seller_message = 'Stripe blocked this payment as too risky.'
    return { network_status: 'not_sent_to_network', reason: 'highest_risk_level', seller_message, type: 'blocked' }
  }
  const seller_message = `The bank returned the decline code \`${reason}\`.`
  return { network_status: 'declined_by_network', reason, seller_message, type: 'issuer_declined' }
}

export function findCharge(context: Context, id: string, param?: string): Charge {
  const charge = context.store.charges.get(id)
  if (!charge) throw noSuch('charge', id, param)
  return charge
}

function listCharges(context: Context, raw: RawParams): object {
  const params = readParams(raw, { ...listParams, customer: text(), payment_intent: text() })
  const charges = context.store.charges.newestFirst(
    (charge) =>
      (params.customer ?? charge.customer) === charge.customer &&
      (params.payment_intent ?? charge.payment_intent) === charge.payment_intent &&
      createdWithin(charge, params),
  )
  return page(charges, params, '/v1/charges', 'charge')
}

export const chargeRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/charges', handler: listCharges },
  { method: 'GET', path: '/v1/charges/:id', handler: (context, _params, id) => findCharge(context, id) },
]
