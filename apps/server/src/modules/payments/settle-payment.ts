import type { Money } from '@florin/core'
import { nowOf, realNow } from '../../platform/clock.ts'
import type { Transaction } from '../../platform/database.ts'
import { Fault } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import type { Project } from '../accounts/viewer.ts'
import { announcePayment, type ToldPayment } from './announce-payment.ts'
import { askPayment } from './ask-payment.ts'
import type { PaymentDeps } from './deps.ts'
import { forgetCustomer } from './forget-customer.ts'
import { type ChargeResult, CUSTOMER_MISSING, METHOD_MISSING } from './provider-payments.ts'
import type { Failure, Outcome, Purpose } from './purpose.ts'
import { type PaymentRow, readPayment } from './read-payment.ts'
import { returnPayment } from './return-payment.ts'

export type Settled =
  | { readonly kind: 'succeeded'; readonly outcome: Outcome }
  | Failure
  /** It was paid, could no longer be carried out, and the money goes back. */
  | { readonly kind: 'returned'; readonly message: string }
  /** The bank takes days. Whoever hears of its end settles it. */
  | { readonly kind: 'processing' }

/** How long a payment is left to the process that opened it, before others ask the provider about it. */
export const UNKNOWN_AFTER_MS = 10_000

export interface NewPayment {
  readonly customerPk: number
  readonly amount: Money
  readonly purpose: Purpose
  readonly purposeHash: string
  readonly description: string
  /** What the provider calls the method. */
  readonly paymentMethodId: string
  /** The checkout page on which the method on file was chosen. */
  readonly checkoutSessionId?: string
}

/** Writes down that a method is about to be charged. What the provider is asked for comes from this row, byte by byte. */
export function openPayment(tx: Transaction, project: Project, payment: NewPayment): string {
  const id = newId()
  tx.send(
    `insert into payment (id, project_id, customer_pk, status, amount_minor, currency, purpose, purpose_hash,
       description, payment_method_id, checkout_session_id)
     values ($1, $2, $3, 'PENDING', $4, $5, $6, $7, $8, $9, $10)`,
    [
      id,
      project.id,
      payment.customerPk,
      payment.amount.minor,
      payment.amount.currency,
      JSON.stringify(payment.purpose),
      payment.purposeHash,
      payment.description,
      payment.paymentMethodId,
      payment.checkoutSessionId ?? null,
    ],
  )
  return id
}

/**
 * Charges a payment's method and carries out its purpose, once, however often and from wherever it is called: the
 * provider knows the attempt by the payment's id, and the row is settled under its lock.
 *
 * @throws Fault PAYMENT_PROVIDER_UNAVAILABLE while the outcome is unknown; the payment stays PENDING and is looked up.
 */
export async function settlePayment(deps: PaymentDeps, project: Project, paymentId: string): Promise<Settled> {
  const row = await readPayment(deps.database, paymentId)
  const known = settledBefore(row)
  if (known) return known
  const charged = await askPayment(deps, project, row)
  if (charged.outcome === 'unknown') throw unknownOutcome(deps, row, charged)
  if (charged.outcome === 'succeeded') return finish(deps, project, row.id, charged.providerPaymentId)
  if (charged.outcome === 'processing') return hold(deps, project, row.id, charged.providerPaymentId)
  if (charged.code === CUSTOMER_MISSING) await forgetCustomer(deps, project, row.customer_pk)
  return fail(deps, project, row.id, charged)
}

function unknownOutcome(
  { log }: PaymentDeps,
  { id }: PaymentRow,
  { wrong }: Extract<ChargeResult, { outcome: 'unknown' }>,
): Fault {
  if (wrong)
    log.warn({ payment: id, wrong }, 'the payment provider answered with something else: the payment is looked up')
  return new Fault(
    'PAYMENT_PROVIDER_UNAVAILABLE',
    'the payment is being looked up: ask again with the same idempotencyKey',
  )
}

/** The bank takes days: nothing is given yet, and nobody else tries meanwhile. */
async function hold(
  deps: PaymentDeps,
  project: Project,
  paymentId: string,
  providerPaymentId: string,
): Promise<Settled> {
  return deps.database.transaction(async (tx) => {
    const row = await readPayment(tx, paymentId, 'for update of y')
    const known = settledBefore(row)
    if (known) return known
    if (row.status === 'PROCESSING') return { kind: 'processing' }
    await tx.query(`update payment set status = 'PROCESSING', provider_payment_id = $2 where id = $1`, [
      paymentId,
      providerPaymentId,
    ])
    if (row.checkout_session_id) {
      await tx.query(
        `update checkout_session set status = 'PENDING' where id = $1 and status in ('OPEN', 'PROCESSING')`,
        [row.checkout_session_id],
      )
    }
    await deps.waiting.began(tx, row.purpose, { project, customerPk: row.customer_pk })
    return { kind: 'processing' }
  })
}

/** It was not paid. What has failed after days takes up its schedule again. */
export async function fail(
  deps: PaymentDeps,
  project: Project,
  paymentId: string,
  { code, message }: { code: string; message: string },
): Promise<Settled> {
  const { settled, customerPk, version } = await deps.database.transaction(async (tx) => {
    const row = await readPayment(tx, paymentId, 'for update of y')
    const customerPk = row.customer_pk
    const known = settledBefore(row)
    if (known) return { settled: known, customerPk, version: null }
    await tx.query(
      `update payment set status = 'FAILED', failure_code = $2, failure_message = $3, settled_at = $4 where id = $1`,
      [paymentId, code, message, new Date(realNow())],
    )
    announcePayment(tx, 'payment.failed', toldOf(row), nowOf(project), { code, message })
    const settled = { kind: 'failed', code, message, needsCustomer: needsCustomer(code) } as const
    if (row.status !== 'PROCESSING') return { settled, customerPk, version: null }
    await tx.query(`update checkout_session set status = 'EXPIRED' where id = $1 and status = 'PENDING'`, [
      row.checkout_session_id,
    ])
    return {
      settled,
      customerPk,
      version: await deps.waiting.ended(tx, row.purpose, { project, customerPk }, settled),
    }
  })
  if (version !== null) deps.pubsub.publish([{ key: customerPk, version }])
  return settled
}

function toldOf({ id, customer_pk: customerPk, amount_minor, currency, purpose }: PaymentRow): ToldPayment {
  return { id, customerPk, amount: { minor: BigInt(amount_minor), currency }, purpose }
}

/** Marks the payment paid and carries out its purpose in one transaction; what can't be carried out is paid back. */
async function finish(
  deps: PaymentDeps,
  project: Project,
  paymentId: string,
  providerPaymentId: string,
): Promise<Settled> {
  try {
    const settled = await deps.database.transaction(async (tx) => {
      const row = await readPayment(tx, paymentId, 'for update of y')
      const known = settledBefore(row)
      if (known) return { known, customerPk: row.customer_pk }
      if (row.checkout_session_id) await refusePaidCheckout(tx, row.checkout_session_id)
      const amount = { minor: BigInt(row.amount_minor), currency: row.currency }
      const paid = { paymentId, amount }
      const outcome = await deps.fulfil(tx, row.purpose, { project, customerPk: row.customer_pk, paid })
      tx.send(
        `update payment set status = 'SUCCEEDED', outcome = $2, provider_payment_id = $3, settled_at = $4 where id = $1`,
        [paymentId, JSON.stringify(outcome), providerPaymentId, new Date(realNow())],
      )
      if (row.checkout_session_id) {
        tx.send(`update checkout_session set status = 'COMPLETED', outcome = $2 where id = $1`, [
          row.checkout_session_id,
          JSON.stringify(outcome),
        ])
      }
      announcePayment(tx, 'payment.succeeded', toldOf(row), nowOf(project))
      return { known: { kind: 'succeeded', outcome } as const, customerPk: row.customer_pk }
    })
    if (settled.known.kind === 'succeeded') {
      deps.pubsub.publish([{ key: settled.customerPk, version: settled.known.outcome.version }])
    }
    return settled.known
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'CONFLICT') throw error
    await returnPayment(deps, project, paymentId, providerPaymentId, error.message)
    return { kind: 'returned', message: error.message }
  }
}

/** An order is paid once: the card page may have been faster than a charge that was looked up. The caller has locked it. Throws CONFLICT. */
async function refusePaidCheckout(tx: Transaction, sessionId: string): Promise<void> {
  const [session] = await tx.query<{ status: string }>(`select status::text from checkout_session where id = $1`, [
    sessionId,
  ])
  if (session?.status === 'COMPLETED') throw new Fault('CONFLICT', 'this was paid already on the card page')
}

/** Null: it is still being made. */
function settledBefore(row: PaymentRow): Settled | null {
  if (row.status === 'PENDING' || row.status === 'PROCESSING') return null
  if (row.status === 'SUCCEEDED') return { kind: 'succeeded', outcome: row.outcome as Outcome }
  const message = row.failure_message ?? ''
  if (row.status !== 'FAILED') return { kind: 'returned', message }
  const code = row.failure_code ?? 'failed'
  return { kind: 'failed', code, message, needsCustomer: needsCustomer(code) }
}

const WITH_CUSTOMER = ['authentication_required', CUSTOMER_MISSING, METHOD_MISSING]

/** Whether only the customer can help: the bank wants them, or there is nothing left to charge. */
export function needsCustomer(code: string | null): boolean {
  return code !== null && WITH_CUSTOMER.includes(code)
}
