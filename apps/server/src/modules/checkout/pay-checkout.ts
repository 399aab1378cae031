import { formatMoney, type Money, parseMoney } from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import { Fault, invalidInput } from '../../platform/errors.ts'
import type { Project } from '../accounts/viewer.ts'
import { type CheckoutSession, isOver, readCheckout, soldIn, subjectOf } from '../payments/checkout-session.ts'
import { refuseWhileProcessing } from '../payments/collect-payment.ts'
import type { PaymentDeps } from '../payments/deps.ts'
import { lockCustomer } from '../payments/lock-customer.ts'
import type { PaymentProvider } from '../payments/provider.ts'
import type { ProviderCheckout } from '../payments/provider-checkouts.ts'
import { offersToSave, purposeHashOf } from '../payments/purpose.ts'
import { chargeable, readPaymentProfiles } from '../payments/read-payment-profile.ts'
import { settleCheckout } from '../payments/settle-checkout.ts'
import { openPayment, settlePayment } from '../payments/settle-payment.ts'
import { lookUpCheckout } from './confirm-checkout.ts'
import { findCheckout, type OpenedCheckout } from './find-checkout.ts'
import { openCardPage } from './open-card-page.ts'

export type CheckoutStep =
  /** `already`: before this step. */
  | { readonly kind: 'done'; readonly session: CheckoutSession; readonly already: boolean }
  | { readonly kind: 'redirect'; readonly url: string; readonly frameable: boolean }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }

export interface PayCheckoutInput {
  readonly token: string
  readonly method: 'NEW_CARD' | 'CARD_ON_FILE'
  /** What the page showed as due. Left out: whatever it is. */
  readonly dueNow?: unknown
  /** Whether a new method is kept, where that is a choice (`offersToSave`). Left out: as the session says. */
  readonly saveMethod?: boolean | null | undefined
}

/** Takes the next step to pay: nothing to pay, the card on file, or the provider's card page. Safe to repeat. */
export async function payCheckout(deps: PaymentDeps, input: PayCheckoutInput): Promise<CheckoutStep> {
  const found = await findCheckout(deps, input.token)
  const { project } = found
  const session = await currentOf(deps, found)
  if (session.status === 'COMPLETED' || session.status === 'PENDING') return { kind: 'done', session, already: true }
  if (session.status === 'EXPIRED' || session.status === 'REFUNDED' || isOver(session)) {
    throw closed()
  }
  refuseOtherMethod(session, input)
  const wanted = { ...session, saveMethod: input.saveMethod ?? session.saveMethod }
  if (session.purpose.kind === 'setup') return payAtProvider(deps, project, session, wanted)
  refuseOtherAmount(session.amount, input.dueNow)
  if (session.amount.minor === 0n) return payNothing(deps, project, session)
  if (input.method === 'CARD_ON_FILE') return payWithCard(deps, project, session, wanted)
  return payAtProvider(deps, project, session, wanted)
}

/** How it stands at the provider, where the customer was sent there. */
async function currentOf(deps: PaymentDeps, found: OpenedCheckout): Promise<CheckoutSession> {
  const { session, project } = found
  if (session.status === 'PENDING') return (await lookUpCheckout(deps, found)).session
  return session.status === 'PROCESSING' ? settleCheckout(deps, project, session.id) : session
}

/** What the session does not leave to who has its link. Throws FORBIDDEN and INVALID_INPUT. */
function refuseOtherMethod({ byLink, purpose }: CheckoutSession, { method, saveMethod }: PayCheckoutInput): void {
  if (byLink && method === 'CARD_ON_FILE') {
    throw new Fault(
      'FORBIDDEN',
      'a link alone charges no payment method on file: pay with a new one, or from the customer portal',
      'method',
    )
  }
  if (saveMethod === false && !offersToSave(purpose)) {
    throw invalidInput('saveMethod', 'what pays here is kept for what follows from it: leave saveMethod out')
  }
}

/** Nobody pays an amount that their page did not show: another tab may have changed the quantity. */
function refuseOtherAmount(amount: Money, shown: unknown): void {
  if (shown == null) return
  const expected = parseMoney(shown, amount.currency)
  if (!expected) throw invalidInput('dueNow', `dueNow is an amount such as "${formatMoney(amount)}"`)
  if (expected.minor !== amount.minor) throw changedMeanwhile()
}

const closed = () => new Fault('CONFLICT', 'this checkout is closed: open a new one')

/** It can be paid as it is, and would be paid for another order, or twice. */
const stillOpen = () => new Fault('CONFLICT', 'the card page can not be closed now: pay there, or try again')

const changedMeanwhile = () =>
  new Fault('CONFLICT', 'this order was changed in the meantime: look at the new total, then pay', 'dueNow')

async function payNothing(
  deps: PaymentDeps,
  project: Project,
  { id, customerPk }: CheckoutSession,
): Promise<CheckoutStep> {
  const version = await deps.database.transaction(async (tx) => {
    const session = await readCheckout(tx, id, 'for update')
    if (session?.status !== 'OPEN') return null
    if (session.amount.minor !== 0n) throw changedMeanwhile()
    const outcome = await deps.fulfil(tx, soldIn(session), { project, customerPk, paid: null })
    await complete(tx, id, outcome)
    return outcome.version
  })
  if (version !== null) deps.pubsub.publish([{ key: customerPk, version }])
  return {
    kind: 'done',
    session: (await readCheckout(deps.database, id)) as CheckoutSession,
    already: version === null,
  }
}

async function payWithCard(
  deps: PaymentDeps,
  project: Project,
  session: CheckoutSession,
  wanted: CheckoutSession,
): Promise<CheckoutStep> {
  if (session.providerSessionId) {
    // The card page may be open in another tab: it is closed first, or was paid a moment ago.
    const closed = await deps.providerFor(project).closeCheckout(session.providerSessionId, subjectOf(session))
    if (closed.status === 'open') throw stillOpen()
    if (closed.status !== 'expired')
      return { kind: 'done', session: await settleCheckout(deps, project, session.id), already: true }
  }
  const paymentId = await deps.database.transaction((tx) => cardPayment(tx, project, session))
  if (!paymentId) throw new Fault('CONFLICT', 'there is no payment method on file: pay with a new card', 'method')
  const settled = await settlePayment(deps, project, paymentId)
  if (settled.kind === 'succeeded' || settled.kind === 'processing') {
    const paid = (await readCheckout(deps.database, session.id)) as CheckoutSession
    return { kind: 'done', session: paid, already: false }
  }
  if (settled.kind === 'failed' && settled.needsCustomer) return payAtProvider(deps, project, session, wanted)
  const code = settled.kind === 'failed' ? settled.code : 'superseded'
  return { kind: 'failed', code, message: settled.message }
}

/** A second click finds the payment that the first one opened. What was changed since the caller read it is not paid. */
async function cardPayment(tx: Transaction, project: Project, seen: CheckoutSession): Promise<string | null> {
  const session = await readCheckout(tx, seen.id, 'for update')
  if (!session) throw new Error(`checkout session ${seen.id} is missing`)
  const { customerPk, amount, description } = session
  const purpose = soldIn(session)
  await lockCustomer(tx, customerPk)
  await refuseWhileProcessing(tx, customerPk, purpose)
  const purposeHash = purposeHashOf(purpose)
  const [known] = await tx.query<{ id: string }>(
    `select id from payment where checkout_session_id = $1 and status in ('PENDING', 'PROCESSING', 'SUCCEEDED')`,
    [session.id],
  )
  if (known) return known.id
  if (session.status !== 'OPEN' && session.status !== 'PROCESSING') throw closed()
  if (session.providerSessionId !== seen.providerSessionId || amount.minor !== seen.amount.minor) {
    throw changedMeanwhile()
  }
  const method = chargeable((await readPaymentProfiles(tx, [customerPk])).get(customerPk), amount.currency)
  if (!method) return null
  return openPayment(tx, project, {
    customerPk,
    amount,
    purpose,
    purposeHash,
    description,
    paymentMethodId: method.providerId,
    checkoutSessionId: session.id,
  })
}

/** `wanted`: the session as the customer wants it, where that is other than it is. */
async function payAtProvider(
  deps: PaymentDeps,
  project: Project,
  session: CheckoutSession,
  wanted: CheckoutSession,
): Promise<CheckoutStep> {
  const provider = deps.providerFor(project)
  const known = session.providerSessionId
    ? await lookAtPage(provider, session, session.providerSessionId, wanted)
    : null
  if (known && known.status !== 'open' && known.status !== 'expired') {
    return { kind: 'done', session: await settleCheckout(deps, project, session.id), already: true }
  }
  const { opened, providerCustomerId } = await openCardPage(deps, project, wanted, known)
  if (!(await markSent(deps, wanted, opened.id, providerCustomerId))) {
    // Nobody has its address: closed, it can't be paid.
    await provider.closeCheckout(opened.id, { ...subjectOf(session), providerCustomerId })
    const current = (await readCheckout(deps.database, session.id)) as CheckoutSession
    if (current.status === 'COMPLETED') return { kind: 'done', session: current, already: true }
    throw changedMeanwhile()
  }
  if (!opened.url)
    throw new Fault('PAYMENT_PROVIDER_UNAVAILABLE', 'the payment provider opened no card page: try again')
  return { kind: 'redirect', url: opened.url, frameable: provider.frameable }
}

/** The card page that is open. One that keeps the method, or not, and should do otherwise is closed. */
async function lookAtPage(
  provider: PaymentProvider,
  session: CheckoutSession,
  id: string,
  wanted: CheckoutSession,
): Promise<ProviderCheckout> {
  const subject = subjectOf(session)
  if (wanted.saveMethod === session.saveMethod) return provider.readCheckout(id, subject)
  const closed = await provider.closeCheckout(id, subject)
  if (closed.status === 'open') throw stillOpen()
  return closed
}

/**
 * Writes down where the customer is sent. Not for an order that was changed, or is being paid with the card on file: that is
 * looked for once the session is locked, because a charge that was opened while we waited for the lock is not seen before.
 * Nor where another tab has opened another card page meanwhile: one page can be paid at any time.
 */
async function markSent(
  { database }: PaymentDeps,
  session: CheckoutSession,
  providerSessionId: string,
  providerCustomerId: string,
): Promise<boolean> {
  const sent = await database.transaction(async (tx) => {
    await tx.query(`select 1 from checkout_session where id = $1 for update`, [session.id])
    return tx.query(
      `update checkout_session s set provider_session_id = $2, status = 'PROCESSING', provider_customer_id = $5, save_method = $6
       where s.id = $1 and s.status in ('OPEN', 'PROCESSING') and s.amount_minor = $3 and s.purpose_hash = $4
         and (s.provider_session_id is not distinct from $7 or s.provider_session_id = $2)
         and not exists (select 1 from payment y where y.checkout_session_id = s.id and y.status in ('PENDING', 'PROCESSING')) returning 1`,
      [
        session.id,
        providerSessionId,
        session.amount.minor,
        purposeHashOf(session.purpose),
        providerCustomerId,
        session.saveMethod,
        session.providerSessionId,
      ],
    )
  })
  return sent.length > 0
}

async function complete(tx: Transaction, sessionId: string, outcome: object): Promise<void> {
  await tx.query(`update checkout_session set status = 'COMPLETED', outcome = $2 where id = $1`, [
    sessionId,
    JSON.stringify(outcome),
  ])
}
