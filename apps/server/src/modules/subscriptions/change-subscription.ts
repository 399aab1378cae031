import {
  type Account,
  addLocalDays,
  addMoney,
  arrearsLines,
  type CardChangePlan,
  type Credits,
  fixedTotal,
  type ImmediateChange,
  larger,
  type Money,
  negate,
  type PlanLine,
  planChange,
  type Quantities,
  quantityOf,
  subtract,
  ZERO,
} from '@florin/core'
import { nowOf } from '../../platform/clock.ts'
import type { Transaction } from '../../platform/database.ts'
import { Fault } from '../../platform/errors.ts'
import type { TaxRate } from '../accounts/check-tax-rate.ts'
import type { Catalog, PublishedCard } from '../catalog/read-catalog.ts'
import { issueInvoice } from '../invoices/issue-invoice.ts'
import { type AccountSession, withAccount } from '../ledger/with-account.ts'
import type { Fulfilment, Outcome } from '../payments/purpose.ts'
import { announceSubscription } from './announce-subscription.ts'
import { endAllowances } from './end-allowances.ts'
import { grantAllowances } from './grant-allowances.ts'
import { type Arrear, inBillingOrder, markInvoiced, readArrears } from './read-arrears.ts'
import { recordEndedPeriod } from './read-ended-periods.ts'
import { readPeriodSoFar, type SoFar } from './read-subscription-grants.ts'
import { NOT_CANCELED, readLiveSubscription, type Subscription } from './read-subscriptions.ts'
import { hadTrial, recordTrial } from './read-trials-had.ts'
import { refuseSecondRating } from './start-subscription.ts'
import { type Withheld, withholdSpentFree } from './withhold-spent-free.ts'

/** A change of card, or of quantities on the same card, that somebody asked for. */
export interface CardChange {
  readonly subscriptionId: string
  readonly from: PublishedCard
  readonly to: PublishedCard
  readonly quantities: Quantities
}

/** A change that happens at once, at an instant: shares of time are taken there, also when it is paid a little later. */
export interface ImmediateCardChange extends CardChange {
  readonly behavior: ImmediateChange
  readonly at: number
}

/** The subscription as it stands, if the change still starts from the card it was decided on. Throws CONFLICT. */
export async function findChanging(
  tx: Transaction,
  customerPk: number,
  catalog: Catalog,
  { subscriptionId, from, to, quantities }: CardChange,
  now: number,
): Promise<Subscription> {
  const subscription = await readLiveSubscription(tx, customerPk, subscriptionId)
  if (!subscription) throw new Fault('CONFLICT', 'this subscription has ended: subscribe anew', 'subscriptionId')
  if (subscription.status === 'PAUSED') {
    throw new Fault('CONFLICT', 'this subscription is paused: resume it first', 'subscriptionId')
  }
  if (subscription.cardPk === to.pk && sameQuantities(to, subscription.quantities, quantities)) {
    throw new Fault('CONFLICT', `the subscription is on "${to.card.code}" already`, 'rateCard')
  }
  if (subscription.cardPk !== from.pk) {
    throw new Fault('CONFLICT', 'the subscription was changed in the meantime: look at it again', 'subscriptionId')
  }
  if (from.card.currency !== to.card.currency) {
    const currencies = `a subscription in ${from.card.currency} can't change to a card in ${to.card.currency}`
    throw new Fault('CONFLICT', currencies, 'rateCard')
  }
  await refuseSecondRating(tx, customerPk, catalog, to, now, subscriptionId)
  return subscription
}

function sameQuantities({ card }: PublishedCard, a: Quantities, b: Quantities): boolean {
  return card.fixedRates.every((rate) => quantityOf(rate, a) === quantityOf(rate, b))
}

/** What an immediate change does, and the usage that it invoices on the way. */
export interface DecidedChange extends CardChangePlan {
  readonly invoiceLines: readonly PlanLine[]
  /** The tax that was on what it credits. */
  readonly creditedTax: TaxRate | null
  readonly arrears: readonly Arrear[]
  /** Fixed rates paid for the period that runs after it. */
  readonly paidAfter: Money
  readonly withheld: Withheld['withheld']
  readonly staysInTrial: boolean
}

/** Decides a change against the customer's account as it is now. Writes nothing: previews ask it too. Throws CONFLICT. */
export async function decideChange(
  tx: Transaction,
  account: Account,
  catalog: Catalog,
  subscription: Subscription,
  change: ImmediateCardChange,
): Promise<DecidedChange> {
  const { from, to, quantities, behavior, at } = change
  const { currentPeriodStart: start, currentPeriodEnd: end, status, timezone } = subscription
  if (subscription.openInvoiceId) {
    throw new Fault('CONFLICT', 'a payment of this subscription is due: settle it first', 'subscriptionId')
  }
  if (at < start || at >= end) throw new Fault('CONFLICT', 'its period has ended in the meantime: ask again')
  const { currency } = from.card
  const soFar = await readPeriodSoFar(tx, account, catalog, subscription, currency, at)
  const inTrial = status === 'TRIALING'
  const staysInTrial = inTrial && (await mayStayInTrial(tx, subscription, change))
  const plan = planChange({
    ...soFar,
    from: { card: from.card, quantities: subscription.quantities },
    to: { card: inTrial && !staysInTrial ? { ...to.card, trialDays: 0 } : to.card, quantities },
    behavior,
    period: { start, end },
    at,
    timeZone: timezone,
    inTrial,
  })
  const arrears = await endingArrears(tx, catalog, subscription, change, plan)
  const { allowances, withheld } = await allowancesAfter(tx, catalog, subscription, change, plan, soFar)
  return {
    ...plan,
    allowances,
    withheld,
    staysInTrial,
    creditedTax: await readPeriodTax(tx, subscription),
    invoiceLines: [...arrearsLines(inBillingOrder(arrears, start)), ...plan.lines],
    arrears,
    paidAfter: plan.newPeriod ? fixedTotal(to.card, quantities) : addMoney(soFar.paid, plan.due),
  }
}

/** The tax on the newest invoice over the running period: the customer's may have changed since. */
async function readPeriodTax(tx: Transaction, { id, currentPeriodStart }: Subscription): Promise<TaxRate | null> {
  const [invoice] = await tx.query<{ tax: TaxRate | null }>(
    `select tax from invoice where subscription_id = $1 and period_start = $2 order by id desc limit 1`,
    [id, new Date(currentPeriodStart)],
  )
  return invoice?.tax ?? null
}

/** Another card's trial is had once, and it must last as long as the one that is running. */
async function mayStayInTrial(
  tx: Transaction,
  { customerPk, currentPeriodStart, currentPeriodEnd, timezone }: Subscription,
  { from, to }: CardChange,
): Promise<boolean> {
  const { code, trialDays } = to.card
  if (code === from.card.code) return true
  if (trialDays === 0 || addLocalDays(currentPeriodStart, trialDays, timezone) < currentPeriodEnd) return false
  return !(await hadTrial(tx, customerPk, code))
}

// The change was decided with what was spent since then still there: it is not there to be taken back.
function fromWhatRemains(
  allowances: CardChangePlan['allowances'],
  allowance: SoFar['allowance'],
  spentSince: SoFar['spentSince'],
): CardChangePlan['allowances'] {
  return new Map(
    [...allowances].map(([code, amount]) => {
      const remaining = subtract(allowance.get(code)?.remaining ?? ZERO, spentSince.get(code) ?? (ZERO as Credits))
      return [code, larger(amount, negate(remaining))]
    }),
  )
}

// In a period of its own, what was spent since the change was decided is spent of the new allowance, and what was spent of a
// free one does not come again.
async function allowancesAfter(
  tx: Transaction,
  catalog: Catalog,
  { customerPk, withheld, quantities: before }: Subscription,
  { from, to, quantities, at }: ImmediateCardChange,
  { newPeriod, allowances }: CardChangePlan,
  { allowance, spentSince }: SoFar,
): Promise<Withheld> {
  if (!newPeriod) return { allowances: fromWhatRemains(allowances, allowance, spentSince), withheld }
  const unspent = [...allowances].map(([code, amount]): [string, Credits] => [
    code,
    larger(subtract(amount, spentSince.get(code) ?? (ZERO as Credits)), ZERO as Credits),
  ])
  const isFree = fixedTotal(from.card, before).minor === 0n
  const ending = new Map(
    [...allowance].map(([code, { granted, remaining }]) => [
      code,
      isFree ? subtract(granted, remaining) : (ZERO as Credits),
    ]),
  )
  return withholdSpentFree(tx, customerPk, catalog, { card: to, quantities }, new Map(unspent), at, ending)
}

// Overage is priced at the period's end by the card of that moment. Where the new card has no price for it, or the period
// ends with the change, it is invoiced now.
async function endingArrears(
  tx: Transaction,
  catalog: Catalog,
  subscription: Subscription,
  { from, to }: ImmediateCardChange,
  { newPeriod }: CardChangePlan,
): Promise<Arrear[]> {
  const arrears = await readArrears(tx, catalog, subscription, from)
  if (newPeriod) return arrears
  return arrears.filter(({ meterPk }) => to.ratesByMeter.get(meterPk)?.overage !== 'CHARGE')
}

/** Carries out a change: subscription, allowances and invoice together. Throws CONFLICT if it comes to something else by now. */
export async function changeSubscription(
  tx: Transaction,
  { project, customerPk, paid }: Fulfilment,
  catalog: Catalog,
  change: ImmediateCardChange,
): Promise<Outcome> {
  const now = nowOf(project)
  const { result, ...moved } = await withAccount(tx, customerPk, now, async (session) => {
    const subscription = await findChanging(tx, customerPk, catalog, change, now)
    const decided = await decideChange(tx, session.account, catalog, subscription, change)
    const changed = await writeChange(tx, session, subscription, change, decided)
    await grantAllowances(tx, session, catalog, changed, decided.allowances, reasonOf(change, decided))
    const invoice = await issueInvoice(tx, project, {
      customerPk,
      subscriptionId: subscription.id,
      currency: change.to.card.currency,
      lines: decided.invoiceLines,
      creditedTax: decided.creditedTax,
      period: { start: changed.currentPeriodStart, end: changed.currentPeriodEnd },
      issuedAt: now,
      paid: paid?.amount ?? null,
      collect: 'NOW',
    })
    markInvoiced(tx, customerPk, decided.arrears, invoice)
    const before = { previousRateCard: change.from.card.code, quantities: changed.quantities }
    announceSubscription(tx, 'subscription.changed', changed, change.to, now, before)
    return { subscriptionId: subscription.id, ...(invoice ? { invoiceId: invoice.id } : {}) }
  })
  return { ...result, ...moved }
}

function reasonOf({ from, to }: CardChange, { newPeriod }: DecidedChange): string {
  if (newPeriod || from.pk === to.pk) return `${to.card.name} allowance`
  return `changed from ${from.card.name} to ${to.card.name}`
}

async function writeChange(
  tx: Transaction,
  session: AccountSession,
  subscription: Subscription,
  { to, quantities, at }: ImmediateCardChange,
  { newPeriod, paidAfter, kept, withheld, staysInTrial }: DecidedChange,
): Promise<Subscription> {
  session.touch()
  if (staysInTrial) recordTrial(tx, subscription.customerPk, to.card.code)
  await tx.query(
    `update subscription set rate_card_version_pk = $2, quantities = $3, ${NOT_CANCELED},
       pause_at_period_end = false, pending_card_pk = null, pending_quantities = null, paid_minor = $4,
       kept_minor = $5, withheld = $6 where id = $1`,
    [subscription.id, to.pk, JSON.stringify(quantities), paidAfter.minor, kept.minor, JSON.stringify(withheld)],
  )
  if (!newPeriod) return { ...subscription, cardPk: to.pk, quantities }
  await endAllowances(tx, session, subscription, `changed to ${to.card.name}`, ['ALLOWANCE'])
  recordEndedPeriod(tx, subscription, at)
  await tx.query(
    `update subscription set status = 'ACTIVE', anchor_at = $2, period_index = 0, current_period_start = $2,
       current_period_end = $3, due_at = $3 where id = $1`,
    [subscription.id, new Date(newPeriod.start), new Date(newPeriod.end)],
  )
  return {
    ...subscription,
    status: 'ACTIVE',
    cardPk: to.pk,
    quantities,
    currentPeriodStart: newPeriod.start,
    currentPeriodEnd: newPeriod.end,
  }
}
