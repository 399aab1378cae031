import { nowOf } from '../../platform/clock.ts'
import type { Transaction } from '../../platform/database.ts'
import { Fault, invalidInput } from '../../platform/errors.ts'
import type { Project } from '../accounts/viewer.ts'
import { offerOf } from '../catalog/find-bundle.ts'
import { type CheckoutSession, isOver, readCheckout, subjectOf } from '../payments/checkout-session.ts'
import { type Order, refuseUncollectable } from '../payments/collect-payment.ts'
import { lockCustomer } from '../payments/lock-customer.ts'
import { type CheckoutPurpose, purposeHashOf } from '../payments/purpose.ts'
import { settleCheckout } from '../payments/settle-checkout.ts'
import { orderChange } from '../subscriptions/change-rate-card.ts'
import { checkQuantities, type RateQuantityInput } from '../subscriptions/check-quantities.ts'
import type { SubscriptionDeps } from '../subscriptions/deps.ts'
import { versionOf } from '../subscriptions/read-subscription.ts'
import { decideStart, dueAtStart } from '../subscriptions/start-subscription.ts'
import { checkBundleQuantity, orderBundles } from '../topups/purchase-bundle.ts'
import { findCheckout, type OpenedCheckout } from './find-checkout.ts'
import { readQuantities, refuseUnoffered } from './read-quantities.ts'

export interface ChangeCheckoutInput {
  readonly token: string
  readonly quantity?: number | null | undefined
  readonly quantities?: readonly RateQuantityInput[] | null | undefined
}

/**
 * Orders another number of what an open checkout sells. A card page that is open for the old amount is closed first, so that
 * one amount can be paid at any time. What its page doesn't offer is not ordered. Throws NOT_FOUND, INVALID_INPUT, and CONFLICT for what is paid or being paid.
 */
export async function changeCheckout(deps: SubscriptionDeps, input: ChangeCheckoutInput): Promise<OpenedCheckout> {
  const { session, project } = await findCheckout(deps, input.token)
  checkKind(session.purpose, input)
  refuseClosed(session)
  if (session.providerSessionId) {
    const closed = await deps.providerFor(project).closeCheckout(session.providerSessionId, subjectOf(session))
    if (closed.status !== 'expired') refuseClosed(await settleCheckout(deps, project, session.id), true)
  }
  const changed = await deps.database.transaction(async (tx) => {
    const locked = await readCheckout(tx, session.id, 'for update')
    if (!locked) throw new Error(`checkout session ${session.id} is missing`)
    await lockCustomer(tx, locked.customerPk)
    refuseClosed(locked, locked.providerSessionId !== session.providerSessionId || (await isBeingPaid(tx, locked.id)))
    const order = await orderAnew(deps, tx, project, locked, input)
    refuseUncollectable(order.amount, input.quantity == null ? 'quantities' : 'quantity')
    await writeOrder(tx, locked.id, order)
    return (await readCheckout(tx, locked.id)) as CheckoutSession
  })
  return { session: changed, project }
}

/** What is sold decides what may be said. Throws INVALID_INPUT. */
function checkKind(purpose: CheckoutPurpose, { quantity, quantities }: ChangeCheckoutInput): void {
  const fixed = purpose.kind === 'renewal' || purpose.kind === 'invoice' || purpose.kind === 'setup'
  if (fixed || (purpose.kind === 'bundle' && purpose.topUp)) {
    throw invalidInput(
      quantity == null ? 'quantities' : 'quantity',
      'what this checkout is for comes in no other number',
    )
  }
  if (purpose.kind === 'bundle' && (quantity == null || quantities != null)) {
    throw invalidInput('quantity', 'this checkout sells a bundle: give its quantity, and no quantities')
  }
  if (purpose.kind !== 'bundle' && (quantities == null || quantity != null)) {
    throw invalidInput('quantities', "this checkout sells a card: give quantities of the card's rates, and no quantity")
  }
}

function refuseClosed(session: CheckoutSession, underWay = false): void {
  if (session.status === 'COMPLETED') throw new Fault('CONFLICT', 'this checkout is paid already')
  if (session.status === 'PENDING') throw new Fault('CONFLICT', 'this checkout is paid, and the bank takes days')
  if (underWay) throw new Fault('CONFLICT', 'this checkout is being paid: wait for the outcome')
  if (isOver(session) || (session.status !== 'OPEN' && session.status !== 'PROCESSING')) {
    throw new Fault('CONFLICT', 'this checkout is closed: open a new one')
  }
}

async function isBeingPaid(tx: Transaction, sessionId: string): Promise<boolean> {
  const payments = await tx.query(
    `select 1 from payment where checkout_session_id = $1 and status in ('PENDING', 'PROCESSING', 'SUCCEEDED')`,
    [sessionId],
  )
  return payments.length > 0
}

/** The same order in another number, at the card's version that the customer was shown. */
async function orderAnew(
  deps: SubscriptionDeps,
  tx: Transaction,
  project: Project,
  session: CheckoutSession,
  input: ChangeCheckoutInput,
): Promise<Order> {
  const { purpose, customerPk } = session
  if (purpose.kind === 'renewal' || purpose.kind === 'invoice' || purpose.kind === 'setup')
    throw new Error(`a ${purpose.kind} has no quantity`)
  const card = await versionOf(deps.catalog, project.id, purpose.cardPk)
  if (purpose.kind === 'bundle') {
    const offer = offerOf(card, purpose.code)
    const quantity = checkBundleQuantity(input.quantity)
    refuseUnoffered(readQuantities(session, null, offer.bundle), input)
    return orderBundles(tx, customerPk, offer, quantity)
  }
  const asked = checkQuantities({ role: 'customer' }, card.card, input.quantities)
  refuseUnoffered(readQuantities(session, card.card, null), input)
  const quantities = { ...purpose.quantities, ...asked }
  const now = nowOf(project)
  if (purpose.kind === 'change') {
    const from = await versionOf(deps.catalog, project.id, purpose.fromCardPk)
    const { subscriptionId, behavior } = purpose
    return orderChange(deps, tx, project, customerPk, { subscriptionId, from, to: card, quantities, behavior, at: now })
  }
  const start = await decideStart(tx, customerPk, await deps.catalog.read(project.id), card, quantities, now)
  const amount = await dueAtStart(tx, customerPk, start, card)
  return { purpose: { ...purpose, quantities }, amount, description: card.card.name }
}

async function writeOrder(tx: Transaction, sessionId: string, { purpose, amount, description }: Order): Promise<void> {
  await tx.query(
    `update checkout_session set purpose = $2, purpose_hash = $3, amount_minor = $4, description = $5, status = 'OPEN'
     where id = $1`,
    [sessionId, JSON.stringify(purpose), purposeHashOf(purpose), amount.minor, description],
  )
}
