import { chargeStep, formatMoney, leastCharge, type Money } from '@florin/core'
import { type CommandKey, runCommand } from '../../platform/command.ts'
import type { Transaction } from '../../platform/database.ts'
import { Fault, invalidInput } from '../../platform/errors.ts'
import { checkRedirect } from '../accounts/set-allowed-origins.ts'
import type { Project } from '../accounts/viewer.ts'
import { type CheckoutSession, openCheckout, readCheckout } from './checkout-session.ts'
import type { PaymentDeps } from './deps.ts'
import { lockCustomer } from './lock-customer.ts'
import { MOST_MINOR } from './provider-calls.ts'
import { type CheckoutPurpose, type Outcome, type Purpose, purposeHashOf } from './purpose.ts'
import { chargeable, readPaymentProfiles } from './read-payment-profile.ts'
import { openPayment, type Settled, settlePayment } from './settle-payment.ts'

export interface CheckoutUrls {
  readonly successUrl: string
  readonly cancelUrl: string
}

/** What is bought, as decided under the customer's lock. */
export interface Order {
  readonly purpose: Purpose
  readonly amount: Money
  readonly description: string
}

export type Collected =
  | { readonly kind: 'done'; readonly outcome: Outcome }
  | { readonly kind: 'checkout'; readonly session: CheckoutSession }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }

interface Begun {
  readonly outcome?: Outcome
  readonly paymentId?: string
  readonly sessionId?: string
}

export interface Collection {
  readonly customerPk: number
  readonly key: CommandKey | null
  /** Where a browser goes after a checkout page; left out: back to Florin's own page. */
  readonly checkout: CheckoutUrls | null
  /** Decides what is bought. Runs under the customer's lock; throws the Fault that refuses it. */
  decide(tx: Transaction): Promise<Order>
}

/**
 * Sells something: at once when nothing is due, with the card on file when there is one, else through a checkout page.
 * Intent is written before the provider is asked, so that a crash at any point ends in one charge and one grant, or none.
 */
export async function collectPayment(deps: PaymentDeps, project: Project, collection: Collection): Promise<Collected> {
  const urls = await checkUrls(deps, project, collection.checkout)
  const begun = await runCommand(deps.database, collection.key, (tx) => begin(deps, tx, project, collection, urls))
  if (begun.outcome) {
    deps.pubsub.publish([{ key: collection.customerPk, version: begun.outcome.version }])
    return { kind: 'done', outcome: begun.outcome }
  }
  if (begun.sessionId) return { kind: 'checkout', session: await sessionOf(deps, begun.sessionId) }
  const settled = await settlePayment(deps, project, begun.paymentId as string)
  if (settled.kind === 'failed' && settled.needsCustomer) return withCustomer(deps, project, collection, urls)
  return collectedOf(settled)
}

async function begin(
  deps: PaymentDeps,
  tx: Transaction,
  project: Project,
  { customerPk, decide, key }: Collection,
  urls: CheckoutUrls,
): Promise<Begun> {
  await lockCustomer(tx, customerPk)
  const { purpose, amount, description } = await decide(tx)
  await refuseWhileProcessing(tx, customerPk, purpose)
  if (amount.minor === 0n) return { outcome: await deps.fulfil(tx, purpose, { project, customerPk, paid: null }) }
  const purposeHash = purposeHashOf(purpose)
  refuseUncollectable(amount)
  // Each key of a backend is a purchase of its own; a browser's second click, and a second change of one plan, is the same.
  const own = key !== null && purpose.kind === 'bundle'
  const joined = own ? null : await pendingPayment(tx, customerPk, purposeHash)
  if (joined) return { paymentId: joined }
  const method = chargeable((await readPaymentProfiles(tx, [customerPk])).get(customerPk), amount.currency)
  // What a bank takes days for is confirmed on a page, which then says so.
  if (method?.type !== 'CARD') {
    const session = await openCheckout(tx, project, { customerPk, purpose, purposeHash, amount, description, ...urls })
    return { sessionId: session.id }
  }
  return {
    paymentId: await openPayment(tx, project, {
      customerPk,
      amount,
      purpose,
      purposeHash,
      description,
      paymentMethodId: method.providerId,
    }),
  }
}

export function isCollectable({ minor, currency }: Money): boolean {
  return minor >= leastCharge(currency) && minor <= MOST_MINOR && minor % chargeStep(currency) === 0n
}

/** Throws INVALID_INPUT for what can't be charged at once. Nothing at all needs no charge. */
export function refuseUncollectable(amount: Money, field = 'quantities'): void {
  const { minor, currency } = amount
  if (minor === 0n || isCollectable(amount)) return
  if (minor > MOST_MINOR) throw invalidInput(field, 'this comes to more than a card can be charged at once')
  const least = formatMoney({ minor: leastCharge(currency), currency })
  const what = `this comes to ${formatMoney(amount)} ${currency}`
  if (minor < leastCharge(currency)) {
    throw invalidInput(
      field,
      `${what}, and no less than ${least} can be charged at once: order more, or order it with something else`,
    )
  }
  const step = formatMoney({ minor: chargeStep(currency), currency })
  throw invalidInput(field, `${what}, and banks take multiples of ${step} only: price it so`)
}

/**
 * Two clicks that buy the same join in one payment; two that buy different things at once are refused. What is bought by
 * itself is in nobody's way, and neither are credits whose money takes days.
 */
async function pendingPayment(tx: Transaction, customerPk: number, purposeHash: string): Promise<string | null> {
  const [pending] = await tx.query<{ id: string; purpose_hash: string }>(
    `select id, purpose_hash from payment
     where customer_pk = $1 and settled_at is null and purpose->'topUp' is null and (status = 'PENDING'
       or status = 'PROCESSING' and payment_method_id is not null and purpose_hash = $2)
     order by purpose_hash = $2 desc, id limit 1`,
    [customerPk, purposeHash],
  )
  if (!pending) return null
  if (pending.purpose_hash === purposeHash) return pending.id
  throw new Fault('CONFLICT', 'another payment of this customer is being made: wait for it, then try again')
}

/**
 * Refuses to have the same paid twice while a bank takes days: the plan, or an invoice. Credits may be bought again.
 * Throws CONFLICT.
 */
export async function refuseWhileProcessing(
  tx: Transaction,
  customerPk: number,
  purpose: CheckoutPurpose,
): Promise<void> {
  if (purpose.kind === 'bundle' || purpose.kind === 'setup') return
  const invoiceId = 'invoiceId' in purpose ? purpose.invoiceId : null
  const rows = await tx.query(
    `select 1 from payment where customer_pk = $1 and settled_at is null and status = 'PROCESSING'
       and case when $2::text is null then purpose->>'kind' in ('subscribe', 'change') else purpose->>'invoiceId' = $2 end`,
    [customerPk, invoiceId],
  )
  if (rows.length === 0) return
  throw new Fault(
    'CONFLICT',
    'a payment for this is on its way, and the bank takes days: wait until it has come or failed',
  )
}

/** The bank wants the customer: the same order, on a checkout page. */
async function withCustomer(
  deps: PaymentDeps,
  project: Project,
  { customerPk, decide }: Collection,
  urls: CheckoutUrls,
): Promise<Collected> {
  const session = await deps.database.transaction(async (tx) => {
    await lockCustomer(tx, customerPk)
    const { purpose, amount, description } = await decide(tx)
    return openCheckout(tx, project, {
      customerPk,
      purpose,
      purposeHash: purposeHashOf(purpose),
      amount,
      description,
      ...urls,
    })
  })
  return { kind: 'checkout', session }
}

async function sessionOf({ database }: PaymentDeps, sessionId: string): Promise<CheckoutSession> {
  const session = await readCheckout(database, sessionId)
  if (!session) throw new Error(`checkout session ${sessionId} is missing`)
  return session
}

function collectedOf(settled: Settled): Collected {
  if (settled.kind === 'processing') {
    throw new Fault('PAYMENT_PROVIDER_UNAVAILABLE', 'the bank takes its time: ask again with the same idempotencyKey')
  }
  if (settled.kind === 'succeeded') return { kind: 'done', outcome: settled.outcome }
  if (settled.kind === 'failed') return { kind: 'failed', code: settled.code, message: settled.message }
  return { kind: 'failed', code: 'superseded', message: `${settled.message}; the payment was returned` }
}

async function checkUrls(deps: PaymentDeps, project: Project, urls: CheckoutUrls | null): Promise<CheckoutUrls> {
  if (!urls) return { successUrl: `${deps.publicUrl}/checkout/done`, cancelUrl: `${deps.publicUrl}/checkout/done` }
  if (!urls.successUrl || !urls.cancelUrl) throw invalidInput('checkout', 'give successUrl and cancelUrl')
  return {
    successUrl: await checkRedirect(deps, project, urls.successUrl, 'checkout.successUrl'),
    cancelUrl: await checkRedirect(deps, project, urls.cancelUrl, 'checkout.cancelUrl'),
  }
}
