import { nowOf, realNow } from '../../platform/clock.ts'
import type { Transaction } from '../../platform/database.ts'
import { Fault } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import type { Project } from '../accounts/viewer.ts'
import { announcePayment } from './announce-payment.ts'
import { type CheckoutSession, readCheckout } from './checkout-session.ts'
import type { PaymentDeps } from './deps.ts'
import { saveCard } from './payment-profile.ts'
import type { ProviderCheckout } from './provider.ts'
import type { Outcome } from './purpose.ts'
import { finishReturn } from './return-payment.ts'

/**
 * Asks the provider how a checkout went and settles it: payment, purpose and card together, or nothing. Redirect,
 * webhook, janitor and repeats all come here, in any order; the session's lock lets one of them through.
 */
export async function settleCheckout(deps: PaymentDeps, project: Project, sessionId: string): Promise<CheckoutSession> {
  const session = await readCheckout(deps.database, sessionId)
  if (!session) throw new Error(`checkout session ${sessionId} is missing`)
  if (!session.providerSessionId || (await isSettled(deps, session))) return session
  const answer = await deps.providerFor(project).readCheckout(session.providerSessionId)
  if (answer.paid) await settlePaid(deps, project, session, answer)
  else if (answer.status === 'expired' && session.expiresAt <= realNow()) await markExpired(deps, session.id)
  return (await readCheckout(deps.database, sessionId)) as CheckoutSession
}

/** Nothing is left to ask: the card page was paid and settled. A session that the card on file paid may still hear of
 * a second payment, made on the card page in another tab. */
async function isSettled({ database }: PaymentDeps, session: CheckoutSession): Promise<boolean> {
  if (session.status !== 'COMPLETED' && session.status !== 'REFUNDED') return false
  const rows = await database.query(
    `select 1 from payment where checkout_session_id = $1 and payment_method_id is null`,
    [session.id],
  )
  return rows.length > 0
}

async function settlePaid(
  deps: PaymentDeps,
  project: Project,
  session: CheckoutSession,
  answer: ProviderCheckout,
): Promise<void> {
  try {
    const outcome = await deps.database.transaction((tx) => complete(deps, tx, project, session.id, answer))
    if (outcome) deps.pubsub.publish([{ key: session.customerPk, version: outcome.version }])
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'CONFLICT') throw error
    await giveBack(deps, project, session, answer, error.message)
  }
}

/** Null: somebody else was first. */
async function complete(
  deps: PaymentDeps,
  tx: Transaction,
  project: Project,
  sessionId: string,
  answer: ProviderCheckout,
): Promise<Outcome | null> {
  const session = await readCheckout(tx, sessionId, 'for update')
  if (!session || session.status === 'REFUNDED' || (await isRecorded(tx, answer))) return null
  if (session.status === 'COMPLETED') throw new Fault('CONFLICT', 'this was paid already with the card on file')
  const paymentId = newId()
  await writePayment(tx, project, session, paymentId, 'SUCCEEDED', answer)
  if (answer.card) await saveCard(tx, session.customerPk, answer.card)
  const paid = { paymentId, amount: session.amount }
  const outcome = await deps.fulfil(tx, session.purpose, { project, customerPk: session.customerPk, paid })
  await tx.query(`update payment set outcome = $2 where id = $1`, [paymentId, JSON.stringify(outcome)])
  await tx.query(`update checkout_session set status = 'COMPLETED', outcome = $2 where id = $1`, [
    session.id,
    JSON.stringify(outcome),
  ])
  const { customerPk, amount, purpose } = session
  announcePayment(tx, 'payment.succeeded', { id: paymentId, customerPk, amount, purpose }, nowOf(project))
  return outcome
}

async function giveBack(
  deps: PaymentDeps,
  project: Project,
  session: CheckoutSession,
  answer: ProviderCheckout,
  why: string,
): Promise<void> {
  const paymentId = await deps.database.transaction(async (tx) => {
    const locked = await readCheckout(tx, session.id, 'for update')
    if (!locked || (await isRecorded(tx, answer))) return null
    const id = newId()
    await writePayment(tx, project, session, id, 'REFUNDING', answer, why)
    await tx.query(`update checkout_session set status = 'REFUNDED' where id = $1 and status <> 'COMPLETED'`, [
      session.id,
    ])
    return id
  })
  if (paymentId && answer.providerPaymentId) await finishReturn(deps, project, paymentId, answer.providerPaymentId)
}

async function isRecorded(tx: Transaction, { providerPaymentId }: ProviderCheckout): Promise<boolean> {
  const rows = await tx.query(`select 1 from payment where provider_payment_id = $1`, [providerPaymentId])
  return rows.length > 0
}

async function writePayment(
  tx: Transaction,
  project: Project,
  session: CheckoutSession,
  id: string,
  status: 'SUCCEEDED' | 'REFUNDING',
  answer: ProviderCheckout,
  why: string | null = null,
): Promise<void> {
  await tx.query(
    `insert into payment (id, project_id, customer_pk, status, amount_minor, currency, purpose, purpose_hash, description,
       checkout_session_id, provider_payment_id, failure_message, settled_at)
     select $1, $2, customer_pk, $3::payment_status, amount_minor, currency, purpose, purpose_hash, description,
       id, $5, $6, $7
     from checkout_session where id = $4`,
    [id, project.id, status, session.id, answer.providerPaymentId, why, new Date(realNow())],
  )
}

async function markExpired({ database }: PaymentDeps, sessionId: string): Promise<void> {
  await database.query(
    `update checkout_session set status = 'EXPIRED' where id = $1 and status in ('OPEN', 'PROCESSING')`,
    [sessionId],
  )
}
