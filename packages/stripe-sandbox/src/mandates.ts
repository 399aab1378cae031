import { invalidRequest, noSuch } from './api-error.ts'
import type { Context, Route } from './context.ts'
import { newId, randomText } from './ids.ts'
import type { Mandate, PaymentMethod } from './method-objects.ts'
import { methodBehind } from './methods-on-file.ts'
import { anything, integer, object, oneOf } from './params.ts'

const customer_acceptance = object(
  { accepted_at: integer(), offline: anything, online: anything, type: oneOf('online', 'offline') },
  ['type'],
)

/** The customer's consent to debits, as an integrator passes it on. */
export const mandateData = object({ customer_acceptance }, ['customer_acceptance'])

/** A debit needs the customer's consent: given now, or earlier for the same account. */
export function checkMandate(context: Context, method: PaymentMethod, consent: unknown): void {
  if (method.type === 'card' || consent !== undefined || methodBehind(context, method).mandate) return
  throw invalidRequest(
    'This PaymentIntent requires a mandate, but no existing mandate was found. Collect mandate acceptance from the customer and try again, providing acceptance data in the mandate_data parameter.',
    { param: 'mandate_data' },
  )
}

/** The mandate for a method's debits: the one on file, else a new one. Cards need none. */
export function mandateOf(context: Context, method: PaymentMethod): string | null {
  if (method.type === 'card') return null
  const { instrument: _instrument, ...onFile } = methodBehind(context, method)
  if (onFile.mandate) return onFile.mandate
  const id = newId('mandate')
  const reference = randomText(16).toUpperCase()
  const mandate: Mandate = {
    id,
    object: 'mandate',
    customer_acceptance: { accepted_at: context.now, type: 'online' },
    livemode: false,
    payment_method: method.id,
    payment_method_details: {
      type: 'sepa_debit',
      sepa_debit: { reference, url: `${context.publicUrl}/stripe-sandbox/mandate/${id}` },
    },
    status: 'active',
    type: 'multi_use',
  }
  context.store.cards.put({ ...onFile, mandate: id })
  return context.store.mandates.put(mandate).id
}

export const mandateRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/mandates/:id',
    handler(context, _params, id) {
      const mandate = context.store.mandates.get(id)
      if (!mandate) throw noSuch('mandate', id)
      return mandate
    },
  },
]
