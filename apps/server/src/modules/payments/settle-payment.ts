import type { Money } from '@florin/core'
import { nowOf, realNow } from '../../platform/clock.ts'
import type { Transaction } from '../../platform/database.ts'
import { Fault } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import type { Project } from '../accounts/viewer.ts'
import { announcePayment, type ToldPayment } from './announce-payment.ts'
import type { PaymentDeps } from './deps.ts'
import { ensureProfile } from './payment-profile.ts'
import type { Outcome, Purpose } from './purpose.ts'
import { returnPayment } from './return-payment.ts'

export type Settled =
  | { readonly kind: 'succeeded'; readonly outcome: Outcome }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string; readonly needsCustomer: boolean }
  /** It was paid, could no longer be carried out, and the money goes back. */
  | { readonly kind: 'returned'; readonly message: string }

interface PaymentRow {
  id: string
  customer_pk: number
  status: 'PENDING' | 'SUCCEEDED' | 'FAILED' | 'REFUNDING' | 'REFUNDED'
  amount_minor: number
  currency: string
  purpose: Purpose
  outcome: Outcome | null
  description: string
  payment_method_id: string | null
  checkout_session_id: string | null
  failure_code: string | null
  failure_message: string | null
}

const COLUMNS = `id, customer_pk, status::text, amount_minor, currency, purpose, outcome, description, payment_method_id,
  checkout_session_id, failure_code, failure_message`

/** How long a payment is left to the process that opened it, before others ask the provider about it. */
export const UNKNOWN_AFTER_MS = 10_000

export interface NewPayment {
  readonly customerPk: number
  readonly amount: Money
  readonly purpose: Purpose
  readonly purposeHash: string
  readonly description: string
  readonly paymentMethodId: string
  /** The checkout page on which the card on file was chosen. */
  readonly checkoutSessionId?: string
}

/** Writes down that a card is about to be charged. What the provider is asked for comes from this row, byte by byte. */
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
 * Charges a payment's card and carries out its purpose, once, however often and from wherever it is called: the
 * provider knows the attempt by the payment's id, and the row is settled under its lock.
 *
 * @throws Fault PAYMENT_PROVIDER_UNAVAILABLE while the outcome is unknown; the payment stays PENDING and is looked up.
 */
export async function settlePayment(deps: PaymentDeps, project: Project, paymentId: string): Promise<Settled> {
  const [row] = await deps.database.query<PaymentRow>(`select ${COLUMNS} from payment where id = $1`, [paymentId])
  if (!row) throw new Error(`payment ${paymentId} is missing`)
  const known = settledBefore(row)
  if (known) return known
  const provider = deps.providerFor(project)
  const { providerCustomerId } = await ensureProfile(deps, provider, row.customer_pk)
  const charged = await provider.charge({
    providerCustomerId,
    paymentMethodId: row.payment_method_id as string,
    amount: { minor: BigInt(row.amount_minor), currency: row.currency },
    description: row.description,
    reference: row.id,
  })
  if (charged.outcome === 'unknown') {
    throw new Fault(
      'PAYMENT_PROVIDER_UNAVAILABLE',
      'the payment is being looked up: ask again with the same idempotencyKey',
    )
  }
  if (charged.outcome === 'failed') {
    await deps.database.transaction((tx) => markFailed(tx, project, row, charged))
    return { kind: 'failed', code: charged.code, message: charged.message, needsCustomer: charged.needsCustomer }
  }
  return finish(deps, project, row.id, charged.providerPaymentId)
}

async function markFailed(
  tx: Transaction,
  project: Project,
  row: PaymentRow,
  { code, message }: { code: string; message: string },
): Promise<void> {
  const failed = await tx.query(
    `update payment set status = 'FAILED', failure_code = $2, failure_message = $3, settled_at = $4
     where id = $1 and status = 'PENDING' returning 1`,
    [row.id, code, message, new Date(realNow())],
  )
  if (failed.length > 0) announcePayment(tx, 'payment.failed', toldOf(row), nowOf(project), { code, message })
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
      const [row] = await tx.query<PaymentRow>(`select ${COLUMNS} from payment where id = $1 for update`, [paymentId])
      if (!row) throw new Error(`payment ${paymentId} is missing`)
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

/** An order is paid once: the card page may have been faster than a charge that was looked up. Throws CONFLICT. */
async function refusePaidCheckout(tx: Transaction, sessionId: string): Promise<void> {
  const [session] = await tx.query<{ status: string }>(
    `select status::text from checkout_session where id = $1 for update`,
    [sessionId],
  )
  if (session?.status === 'COMPLETED') throw new Fault('CONFLICT', 'this was paid already on the card page')
}

function settledBefore(row: PaymentRow): Settled | null {
  if (row.status === 'PENDING') return null
  if (row.status === 'SUCCEEDED') return { kind: 'succeeded', outcome: row.outcome as Outcome }
  const message = row.failure_message ?? ''
  if (row.status !== 'FAILED') return { kind: 'returned', message }
  const code = row.failure_code ?? 'failed'
  return { kind: 'failed', code, message, needsCustomer: code === 'authentication_required' }
}
