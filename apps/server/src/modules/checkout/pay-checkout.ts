import type { Transaction } from '../../platform/database.ts'
import { Fault, notFound } from '../../platform/errors.ts'
import type { Project } from '../accounts/viewer.ts'
import {
  type CheckoutSession,
  checkoutToken,
  isOver,
  readCheckout,
  readCheckoutByToken,
} from '../payments/checkout-session.ts'
import { lockCustomer } from '../payments/collect-payment.ts'
import type { PaymentDeps } from '../payments/deps.ts'
import { ensureProfile } from '../payments/payment-profile.ts'
import { purposeHashOf } from '../payments/purpose.ts'
import { readPaymentProfiles } from '../payments/read-payment-profile.ts'
import { settleCheckout } from '../payments/settle-checkout.ts'
import { openPayment, settlePayment } from '../payments/settle-payment.ts'

const PROVIDER_GRACE_MS = 35 * 60_000

export type CheckoutStep =
  | { readonly kind: 'done'; readonly session: CheckoutSession }
  | { readonly kind: 'redirect'; readonly url: string; readonly frameable: boolean }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }

export interface OpenedCheckout {
  readonly session: CheckoutSession
  readonly project: Project
}

/** The session that a page's token opens. Throws NOT_FOUND. */
export async function findCheckout(deps: PaymentDeps, token: string): Promise<OpenedCheckout> {
  const found = await readCheckoutByToken(deps.database, token)
  if (!found) throw notFound('checkout', `${token.slice(0, 12)}…`, 'token')
  return found
}

/** Takes the next step to pay: nothing to pay, the card on file, or the provider's card page. Safe to repeat. */
export async function payCheckout(
  deps: PaymentDeps,
  input: { token: string; method: 'NEW_CARD' | 'CARD_ON_FILE' },
): Promise<CheckoutStep> {
  const { session: found, project } = await findCheckout(deps, input.token)
  const session = found.status === 'PROCESSING' ? await settleCheckout(deps, project, found.id) : found
  if (session.status === 'COMPLETED') return { kind: 'done', session }
  if (session.status === 'EXPIRED' || session.status === 'REFUNDED' || isOver(session)) {
    throw new Fault('CONFLICT', 'this checkout is closed: open a new one')
  }
  if (session.amount.minor === 0n) return payNothing(deps, project, session)
  if (input.method === 'CARD_ON_FILE') return payWithCard(deps, project, session)
  return payAtProvider(deps, project, session)
}

async function payNothing(
  deps: PaymentDeps,
  project: Project,
  { id, customerPk }: CheckoutSession,
): Promise<CheckoutStep> {
  const version = await deps.database.transaction(async (tx) => {
    const session = await readCheckout(tx, id, 'for update')
    if (session?.status !== 'OPEN') return null
    const outcome = await deps.fulfil(tx, session.purpose, { project, customerPk, paid: null })
    await complete(tx, id, outcome)
    return outcome.version
  })
  if (version !== null) deps.pubsub.publish([{ key: customerPk, version }])
  return { kind: 'done', session: (await readCheckout(deps.database, id)) as CheckoutSession }
}

async function payWithCard(deps: PaymentDeps, project: Project, session: CheckoutSession): Promise<CheckoutStep> {
  if (session.providerSessionId) {
    // The card page may be open in another tab: it is closed first, or was paid a moment ago.
    const closed = await deps.providerFor(project).closeCheckout(session.providerSessionId)
    if (closed.paid) return { kind: 'done', session: await settleCheckout(deps, project, session.id) }
  }
  const paymentId = await deps.database.transaction((tx) => cardPayment(tx, project, session))
  if (!paymentId) throw new Fault('CONFLICT', 'there is no card on file: pay with a new one', 'method')
  const settled = await settlePayment(deps, project, paymentId)
  if (settled.kind === 'succeeded') {
    return { kind: 'done', session: (await readCheckout(deps.database, session.id)) as CheckoutSession }
  }
  if (settled.kind === 'failed' && settled.needsCustomer) return payAtProvider(deps, project, session)
  const code = settled.kind === 'failed' ? settled.code : 'superseded'
  return { kind: 'failed', code, message: settled.message }
}

/** A second click finds the payment that the first one opened. */
async function cardPayment(tx: Transaction, project: Project, session: CheckoutSession): Promise<string | null> {
  const { customerPk, purpose, amount, description } = session
  await lockCustomer(tx, customerPk)
  const purposeHash = purposeHashOf(purpose)
  const [known] = await tx.query<{ id: string }>(
    `select id from payment where checkout_session_id = $1 and status in ('PENDING', 'SUCCEEDED')`,
    [session.id],
  )
  if (known) return known.id
  const paymentMethodId = (await readPaymentProfiles(tx, [customerPk])).get(customerPk)?.paymentMethodId
  if (!paymentMethodId) return null
  return openPayment(tx, project, {
    customerPk,
    amount,
    purpose,
    purposeHash,
    description,
    paymentMethodId,
    checkoutSessionId: session.id,
  })
}

async function payAtProvider(deps: PaymentDeps, project: Project, session: CheckoutSession): Promise<CheckoutStep> {
  const provider = deps.providerFor(project)
  const { providerCustomerId } = await ensureProfile(deps, provider, session.customerPk)
  const page = `${deps.publicUrl}/checkout/${checkoutToken(project, session.id)}`
  const known = session.providerSessionId ? await provider.readCheckout(session.providerSessionId) : null
  if (known?.paid) return { kind: 'done', session: await settleCheckout(deps, project, session.id) }
  const opened =
    known?.status === 'open'
      ? known
      : await provider.openCheckout({
          providerCustomerId,
          amount: session.amount,
          description: session.description,
          reference: session.id,
          successUrl: `${page}?returned=1`,
          cancelUrl: `${page}?canceled=1`,
          // The provider wants half an hour at least from now; ours has ended before its own does.
          expiresAt: session.expiresAt + PROVIDER_GRACE_MS,
          key: `florin_checkout_${session.id}_${session.providerSessionId ?? 'first'}`,
        })
  await deps.database.query(
    `update checkout_session set provider_session_id = $2, status = 'PROCESSING'
     where id = $1 and status in ('OPEN', 'PROCESSING')`,
    [session.id, opened.id],
  )
  if (!opened.url)
    throw new Fault('PAYMENT_PROVIDER_UNAVAILABLE', 'the payment provider opened no card page: try again')
  return { kind: 'redirect', url: opened.url, frameable: provider.frameable }
}

async function complete(tx: Transaction, sessionId: string, outcome: object): Promise<void> {
  await tx.query(`update checkout_session set status = 'COMPLETED', outcome = $2 where id = $1`, [
    sessionId,
    JSON.stringify(outcome),
  ])
}

/** Asks the provider how it went, and settles. Safe to call any number of times. Throws NOT_FOUND. */
export async function confirmCheckout(deps: PaymentDeps, token: string): Promise<OpenedCheckout> {
  const { session, project } = await findCheckout(deps, token)
  return { session: await settleCheckout(deps, project, session.id), project }
}
