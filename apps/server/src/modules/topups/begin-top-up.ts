import {
  afterDecline,
  type Bundle,
  decideTopUp,
  isDisputed,
  type Span,
  type TopUpDecision,
  type TopUpSituation,
  topUpValue,
} from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import { newId } from '../../platform/ids.ts'
import type { Offer } from '../catalog/find-bundle.ts'
import { quoteUnder, readBillingTerms } from '../invoices/quote-invoice.ts'
import { MOST_MINOR } from '../payments/provider-calls.ts'
import { type Purpose, purposeHashOf } from '../payments/purpose.ts'
import { chargeable, readPaymentProfiles } from '../payments/read-payment-profile.ts'
import { openPayment } from '../payments/settle-payment.ts'
import { type Move, moveTopUp, type TopUpScene } from './move-top-up.ts'
import { readTopUpMonth } from './read-top-up-month.ts'
import { bundleLine } from './sell-bundle.ts'

/** What is left to do once the decision is committed. */
export interface Begun {
  /** A payment that is written down and still to be made. */
  readonly paymentId?: string
  /** What account credit pays for: carried out in the same transaction. */
  readonly covered?: Purpose
}

const NOTHING: Begun = {}

/**
 * Decides behind the customer's lock what a top-up comes to, and writes it: a charge that is about to be made, or why there is
 * none. A charge that is on its way must have been ruled out.
 */
export async function beginTopUp(scene: TopUpScene, offer: Offer): Promise<Begun> {
  const { topUp } = scene
  if (!topUp.enabled) return NOTHING
  const facts = await readFacts(scene, offer.bundle)
  const { month, terms } = facts
  const costOf = (quantity: number) => quoteOf(scene, facts, offer, quantity).total.minor
  const bounds = { maxPerMonth: topUp.maxPerMonth, maxSpendPerMonth: topUp.maxSpendMinor }
  const decision = decideTopUp(
    { threshold: topUp.threshold, credits: offer.bundle.credits, ...bounds },
    facts.situation,
    costOf,
  )
  if (decision.kind !== 'BUY') {
    const move = moveOf(facts.situation, decision)
    if (move) moveTopUp(scene, move)
    if (decision.kind === 'READY') armWatch(scene.tx, topUp.customerPk, topUp.creditTypePk)
    return NOTHING
  }
  return buy(scene, offer, decision.quantity, { month, card: facts.situation.card as string, terms })
}

interface Facts {
  readonly situation: TopUpSituation
  readonly month: Span
  readonly terms: Awaited<ReturnType<typeof readBillingTerms>>
}

async function readFacts({ tx, session, topUp, at }: TopUpScene, bundle: Bundle): Promise<Facts> {
  const { customerPk, creditTypePk } = topUp
  const { currency } = bundle.price
  const [{ month, charges, spent }, profiles, terms] = await Promise.all([
    readTopUpMonth(tx, topUp, currency, at),
    readPaymentProfiles(tx, [customerPk]),
    readBillingTerms(tx, customerPk, currency),
  ])
  const situation: TopUpSituation = {
    enabled: topUp.enabled,
    now: at,
    value: topUpValue(session.account, creditTypePk),
    card: chargeable(profiles.get(customerPk), currency)?.providerId ?? null,
    disputed: isDisputed(session.account, creditTypePk),
    declines: topUp.declines,
    mostAtOnce: MOST_MINOR,
    month: { charges, spent, end: month.end },
  }
  return { situation, month, terms }
}

function quoteOf({ topUp }: TopUpScene, { terms }: Pick<Facts, 'terms'>, offer: Offer, quantity: number) {
  const { customerPk } = topUp
  const { currency } = offer.bundle.price
  return quoteUnder(terms, { customerPk, currency, lines: [bundleLine(offer, quantity)] })
}

/** As after a bank that wants the customer: this card is charged again when they have done something about it. */
function declinedWith(card: string, at: number): Pick<Move, 'declines'> {
  return { declines: afterDecline(null, { card, at, needsCustomer: true }).declines }
}

/** Where the switch goes when nothing is bought; null: it is off. */
function moveOf({ card, now }: TopUpSituation, decision: Exclude<TopUpDecision, { kind: 'BUY' }>): Move | null {
  switch (decision.kind) {
    case 'NOTHING':
      return null
    case 'READY':
      return { state: 'READY' }
    case 'WAIT':
      return { state: 'BACKING_OFF', dueAt: decision.until }
    case 'LIMIT_REACHED':
      return { state: 'LIMIT_REACHED', dueAt: decision.until }
    case 'NEEDS_CUSTOMER':
      return {
        state: 'NEEDS_CUSTOMER',
        reason: decision.why,
        ...(card && decision.why === 'disputed' ? declinedWith(card, now) : {}),
      }
  }
}

/** The balance was lifted above the threshold by something that did not look at watches. */
function armWatch(tx: Transaction, customerPk: number, creditTypePk: number): void {
  tx.send(
    `update balance_watch set armed = true where customer_pk = $1 and credit_type_pk = $2 and kind = 'TOP_UP' and not armed`,
    [customerPk, creditTypePk],
  )
}

function buy(
  scene: TopUpScene,
  offer: Offer,
  quantity: number,
  { month, card, terms }: { month: Span; card: string; terms: Facts['terms'] },
): Begun {
  const { tx, project, topUp, at } = scene
  const { customerPk } = topUp
  const purpose: Purpose = {
    kind: 'bundle',
    cardPk: topUp.cardPk,
    code: topUp.bundleCode,
    quantity,
    topUp: { due: topUp.dueId, at },
  }
  const quote = quoteOf(scene, { terms }, offer, quantity)
  const covered = quote.due.minor === 0n
  const paymentId = covered
    ? null
    : openPayment(tx, project, {
        customerPk,
        amount: quote.due,
        purpose,
        purposeHash: purposeHashOf(purpose),
        description: quantity === 1 ? offer.bundle.name : `${quantity} × ${offer.bundle.name}`,
        paymentMethodId: card,
      })
  tx.send(
    `insert into auto_top_up_charge (id, customer_pk, credit_type_pk, due_id, status, payment_id, quantity, total_minor,
       currency, started_at, month_start, max_per_month, max_spend_minor)
     values ($1, $2, $3, $4, 'PENDING', $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      newId(),
      customerPk,
      topUp.creditTypePk,
      topUp.dueId,
      paymentId,
      quantity,
      quote.total.minor,
      quote.total.currency,
      new Date(at),
      new Date(month.start),
      topUp.maxPerMonth,
      topUp.maxSpendMinor,
    ],
  )
  moveTopUp(scene, { state: 'CHARGING' })
  return paymentId === null ? { covered: purpose } : { paymentId }
}
