import { realNow } from '../../platform/clock.ts'
import { Fault } from '../../platform/errors.ts'
import type { Project } from '../accounts/viewer.ts'
import type { PaymentDeps } from './deps.ts'
import { ensureProfile } from './payment-profile.ts'
import type { PaymentProvider } from './provider.ts'
import { type ChargeOrder, type ChargeResult, METHOD_MISSING } from './provider-payments.ts'
import type { PaymentRow } from './read-payment.ts'

/** Longer than a request and its repetitions take: what was asked for before this is no longer on its way to the provider. */
const ARRIVED_AFTER_MS = 90_000

/**
 * Asks the provider for a payment, or how one stands that it was asked for before. An old one is looked for first: the
 * provider forgets keys after a day, and would take the same order for a new one. What failed is ended there before it
 * counts as failed here, so that nobody can pay it any more when the next attempt begins.
 */
export async function askPayment(deps: PaymentDeps, project: Project, row: PaymentRow): Promise<ChargeResult> {
  const provider = deps.providerFor(project)
  const elsewhere = row.first_asked_at === null && (await isElsewhere(provider, row))
  if (elsewhere) return { outcome: 'failed', code: METHOD_MISSING, message: 'it is saved elsewhere', abandoned: null }
  const order = await orderOf(deps, provider, row)
  const told = await ask(provider, row, order)
  if (told.outcome !== 'failed' || told.abandoned === null) return told
  const ended = await provider.cancelPayment(told.abandoned, order)
  return ended.outcome === 'failed' ? { ...told, abandoned: null } : ended
}

/** The method is saved at another account than the one that would be asked. */
async function isElsewhere(provider: PaymentProvider, { method_account: saved }: PaymentRow): Promise<boolean> {
  const account = await provider.account()
  return account !== null && saved !== null && saved !== '' && saved !== account
}

async function ask(provider: PaymentProvider, row: PaymentRow, order: ChargeOrder): Promise<ChargeResult> {
  const { provider_payment_id: id, first_asked_at: since } = row
  if (id !== null) return provider.readPayment(id, order)
  if (since === null) return provider.charge(order)
  if (since < realNow() - ARRIVED_AFTER_MS) {
    return (await provider.findPayment(order, since)) ?? provider.charge(order)
  }
  const again = await provider.charge(order)
  if (again.outcome !== 'unknown') return again
  // A key may answer with a failure of the provider's own for a day. What is not decided may still be on its way.
  const found = await provider.findPayment(order, since)
  return found?.outcome === 'succeeded' || found?.outcome === 'processing' ? found : again
}

/** What is asked for, equal each time; writes down that it is asked for now. */
async function orderOf({ database }: PaymentDeps, provider: PaymentProvider, row: PaymentRow): Promise<ChargeOrder> {
  const account = await provider.account()
  if (row.account && account && row.account !== account) {
    throw new Fault(
      'PAYMENT_PROVIDER_UNAVAILABLE',
      `the payment was asked of the account "${row.account}": set its key again to have it looked up`,
    )
  }
  const customer =
    row.provider_customer_id ?? (await ensureProfile({ database }, provider, row.customer_pk)).providerCustomerId
  const [asked] = await database.query<{ customer: string }>(
    `update payment set asked_at = $2, first_asked_at = coalesce(first_asked_at, $2), asked = asked + 1,
       account = coalesce(account, $3), provider_customer_id = coalesce(provider_customer_id, $4)
     where id = $1 returning provider_customer_id as customer`,
    [row.id, new Date(realNow()), account, customer],
  )
  return {
    providerCustomerId: asked?.customer ?? customer,
    paymentMethodId: row.payment_method_id as string,
    type: row.method_type ?? 'CARD',
    amount: { minor: BigInt(row.amount_minor), currency: row.currency },
    description: row.description,
    reference: row.id,
  }
}
