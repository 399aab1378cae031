import { nowOf, realNow } from '../../platform/clock.ts'
import type { Transaction } from '../../platform/database.ts'
import { Fault } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import type { Project } from '../accounts/viewer.ts'
import { withAccount } from '../ledger/with-account.ts'
import { announcePayment } from './announce-payment.ts'
import { type CheckoutSession, readCheckout, subjectOf } from './checkout-session.ts'
import type { PaymentDeps } from './deps.ts'
import { lockCustomer } from './lock-customer.ts'
import type { ProviderCheckout } from './provider-checkouts.ts'
import type { Outcome, Purpose, SetupPurpose } from './purpose.ts'
import { chargeable, readPaymentProfiles } from './read-payment-profile.ts'
import { finishReturn } from './return-payment.ts'
import { savePaymentMethod } from './save-payment-method.ts'
import { fail, settlePayment } from './settle-payment.ts'

/** A session that something is bought in. */
type Sale = CheckoutSession & { readonly purpose: Purpose }

/**
 * Asks the provider how a checkout went and settles it: payment, purpose and method together, or nothing. Redirect,
 * webhook, janitor and repeats all come here, in any order; the session's lock lets one of them through.
 */
export async function settleCheckout(deps: PaymentDeps, project: Project, sessionId: string): Promise<CheckoutSession> {
  const session = await readCheckout(deps.database, sessionId)
  if (!session) throw new Error(`checkout session ${sessionId} is missing`)
  const onFile = session.status === 'PENDING' ? await paymentOnFile(deps, sessionId) : null
  if (onFile) await settlePayment(deps, project, onFile)
  else if (!session.providerSessionId || (await isSettled(deps, session))) return session
  else await settleAtProvider(deps, project, session, session.providerSessionId)
  return (await readCheckout(deps.database, sessionId)) as CheckoutSession
}

async function settleAtProvider(
  deps: PaymentDeps,
  project: Project,
  session: CheckoutSession,
  providerSessionId: string,
): Promise<void> {
  const answer = await deps.providerFor(project).readCheckout(providerSessionId, subjectOf(session))
  await deps.database.query(`update checkout_session set asked_at = $2 where id = $1`, [
    session.id,
    new Date(realNow()),
  ])
  if (answer.status === 'open') return
  if (answer.status === 'expired') {
    if (session.expiresAt <= realNow()) await markExpired(deps, session.id)
  } else if (isSetup(session)) await settleSetup(deps, project, session, answer)
  else if (answer.status === 'complete') await settlePaid(deps, project, session as Sale, answer)
  else await settleLater(deps, project, session as Sale, answer)
}

function isSetup(session: CheckoutSession): session is CheckoutSession & { readonly purpose: SetupPurpose } {
  return session.purpose.kind === 'setup'
}

/** The payment with the method on file that a session waits for. */
async function paymentOnFile({ database }: PaymentDeps, sessionId: string): Promise<string | null> {
  const [payment] = await database.query<{ id: string }>(
    `select id from payment where checkout_session_id = $1 and status = 'PROCESSING' and payment_method_id is not null`,
    [sessionId],
  )
  return payment?.id ?? null
}

/** Nothing is left to ask: the card page was paid and settled. A session that the card on file paid may still hear of
 * a second payment, made on the card page in another tab. */
async function isSettled({ database }: PaymentDeps, session: CheckoutSession): Promise<boolean> {
  if (session.status !== 'COMPLETED' && session.status !== 'REFUNDED') return false
  if (session.purpose.kind === 'setup') return true
  const rows = await database.query(
    `select 1 from payment where checkout_session_id = $1 and payment_method_id is null`,
    [session.id],
  )
  return rows.length > 0
}

/** A method is saved and nothing is charged. What waited for one is tried at once. */
async function settleSetup(
  deps: PaymentDeps,
  project: Project,
  { id, customerPk, purpose, amount, byLink }: CheckoutSession & { readonly purpose: SetupPurpose },
  { method }: ProviderCheckout,
): Promise<void> {
  if (!method)
    throw new Fault('PAYMENT_PROVIDER_UNAVAILABLE', 'the payment provider does not say what it saved: try again')
  const version = await deps.database.transaction(async (tx) => {
    const session = await readCheckout(tx, id, 'for update')
    if (!session || session.status === 'COMPLETED') return null
    const work = await withAccount(tx, customerPk, nowOf(project), async (account) => {
      const makeDefault = purpose.makeDefault && !(byLink && (await hasChargeable(tx, customerPk, amount.currency)))
      const isDefault = await savePaymentMethod(tx, customerPk, method, makeDefault)
      if (isDefault) await deps.waiting.methodCame(tx, { project, customerPk }, method.providerId)
      account.touch()
    })
    await tx.query(`update checkout_session set status = 'COMPLETED', outcome = $2 where id = $1`, [
      id,
      JSON.stringify({ version: work.version }),
    ])
    return work.version
  })
  if (version !== null) deps.pubsub.publish([{ key: customerPk, version }])
}

/** A link replaces no method, also none that came while its page was open. */
async function hasChargeable(tx: Transaction, customerPk: number, currency: string): Promise<boolean> {
  return chargeable((await readPaymentProfiles(tx, [customerPk])).get(customerPk), currency) !== null
}

async function settlePaid(deps: PaymentDeps, project: Project, session: Sale, answer: ProviderCheckout): Promise<void> {
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
  const session = (await readCheckout(tx, sessionId, 'for update')) as Sale | null
  if (!session || session.status === 'REFUNDED') return null
  const recorded = await findRecorded(tx, answer)
  if (recorded && !recorded.open) return null
  if (session.status === 'COMPLETED')
    throw new Fault('CONFLICT', 'this was paid already with the payment method on file')
  const { customerPk, amount, purpose } = session
  const paymentId = recorded?.id ?? newId()
  await writePayment(tx, project, session, paymentId, 'SUCCEEDED', answer)
  const paid = { paymentId, amount }
  // Two pages that were paid with one card both save it: one after the other.
  await lockCustomer(tx, customerPk)
  const kept = session.saveMethod ? answer.method : null
  if (kept) await savePaymentMethod(tx, customerPk, kept, true)
  const outcome = await deps.fulfil(tx, purpose, { project, customerPk, paid })
  // What this has just paid waits no more.
  if (kept) await deps.waiting.methodCame(tx, { project, customerPk }, kept.providerId)
  await tx.query(`update payment set outcome = $2 where id = $1`, [paymentId, JSON.stringify(outcome)])
  await tx.query(`update checkout_session set status = 'COMPLETED', outcome = $2 where id = $1`, [
    session.id,
    JSON.stringify(outcome),
  ])
  announcePayment(tx, 'payment.succeeded', { id: paymentId, customerPk, amount, purpose }, nowOf(project))
  return outcome
}

async function giveBack(
  deps: PaymentDeps,
  project: Project,
  session: Sale,
  answer: ProviderCheckout,
  why: string,
): Promise<void> {
  const { customerPk, purpose } = session
  const given = await deps.database.transaction(async (tx) => {
    const locked = await readCheckout(tx, session.id, 'for update')
    const recorded = await findRecorded(tx, answer)
    if (!locked || (recorded && !recorded.open)) return null
    const id = recorded?.id ?? newId()
    await writePayment(tx, project, session, id, 'REFUNDING', answer, why)
    await tx.query(`update checkout_session set status = 'REFUNDED' where id = $1 and status <> 'COMPLETED'`, [
      session.id,
    ])
    return { id, version: recorded && (await deps.waiting.ended(tx, purpose, { project, customerPk }, null)) }
  })
  if (given?.version != null) deps.pubsub.publish([{ key: customerPk, version: given.version }])
  if (given && answer.providerPaymentId) await finishReturn(deps, project, given.id, answer.providerPaymentId)
}

/** The customer has confirmed, and the money takes days: it is on its way, or it did not come. */
async function settleLater(
  deps: PaymentDeps,
  project: Project,
  session: Sale,
  answer: ProviderCheckout,
): Promise<void> {
  const paymentId = await deps.database.transaction(async (tx) => {
    const locked = (await readCheckout(tx, session.id, 'for update')) as Sale
    const recorded = await findRecorded(tx, answer)
    if (recorded) return recorded.open ? recorded.id : null
    if (locked.status !== 'OPEN' && locked.status !== 'PROCESSING') return null
    const id = newId()
    await writePayment(tx, project, session, id, 'PROCESSING', answer)
    await tx.query(`update checkout_session set status = 'PENDING' where id = $1`, [session.id])
    await deps.waiting.began(tx, session.purpose, { project, customerPk: session.customerPk })
    return id
  })
  if (paymentId && answer.failure) await fail(deps, project, paymentId, answer.failure)
}

/** The payment that is written down of what the provider was paid, and whether it is still on its way. */
async function findRecorded(
  tx: Transaction,
  { providerPaymentId }: ProviderCheckout,
): Promise<{ id: string; open: boolean } | null> {
  const [row] = await tx.query<{ id: string; open: boolean }>(
    `select id, status = 'PROCESSING' as open from payment where provider_payment_id = $1 for update`,
    [providerPaymentId],
  )
  return row ?? null
}

async function writePayment(
  tx: Transaction,
  project: Project,
  session: CheckoutSession,
  id: string,
  status: 'SUCCEEDED' | 'REFUNDING' | 'PROCESSING',
  answer: ProviderCheckout,
  why: string | null = null,
): Promise<void> {
  const settledAt = status === 'PROCESSING' ? null : new Date(realNow())
  await tx.query(
    `insert into payment (id, project_id, customer_pk, status, amount_minor, currency, purpose, purpose_hash, description,
       checkout_session_id, provider_payment_id, failure_message, settled_at, provider_customer_id)
     select $1, $2, customer_pk, $3::payment_status, amount_minor, currency, purpose, purpose_hash, description,
       id, $5, $6, $7, provider_customer_id
     from checkout_session where id = $4
     on conflict (id) do update set status = excluded.status, failure_message = excluded.failure_message,
       settled_at = excluded.settled_at`,
    [id, project.id, status, session.id, answer.providerPaymentId, why, settledAt],
  )
}

async function markExpired({ database }: PaymentDeps, sessionId: string): Promise<void> {
  await database.query(
    `update checkout_session set status = 'EXPIRED' where id = $1 and status in ('OPEN', 'PROCESSING')`,
    [sessionId],
  )
}
