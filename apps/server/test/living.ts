import { dataOf, upsertCustomer } from './calls.ts'
import { GOOD_CARD, payCheckout } from './pay-checkout.ts'
import { changeRateCard, type Sold, subscribe, tokenOf, URLS } from './selling.ts'
import type { Peer, Stack } from './stack.ts'

// A customer's life over months: what they have, what they were billed, and the passing of time.

type Ask = Pick<Peer, 'query'>

export const DAY = 86_400_000

export interface LivingSubscription {
  readonly id: string
  readonly status: string
  readonly previousPeriodStart: string | null
  readonly currentPeriodStart: string
  readonly currentPeriodEnd: string
  readonly trialEndsAt: string | null
  readonly cancelAtPeriodEnd: boolean
  readonly pauseAtPeriodEnd: boolean
  readonly rateCard: { readonly code: string; readonly version: number }
  readonly pendingRateCard: { readonly code: string } | null
  readonly quantities: readonly { readonly code: string; readonly quantity: number }[]
}

export interface Living {
  readonly at: string
  readonly version: number
  readonly subscriptions: readonly LivingSubscription[]
  readonly balances: readonly {
    readonly creditType: string
    readonly available: string
    readonly granted: string
    readonly used: string
    readonly overage: string
    readonly uncovered: string
    readonly grants: readonly { readonly kind: string; readonly remaining: string; readonly expiresAt: string | null }[]
  }[]
  readonly accountCredit: { readonly amount: string; readonly currency: string } | null
}

const LIVING = `at version
  subscriptions { id status previousPeriodStart currentPeriodStart currentPeriodEnd trialEndsAt cancelAtPeriodEnd pauseAtPeriodEnd
    rateCard { code version } pendingRateCard { code } quantities { code quantity } }
  balances { creditType available granted used overage uncovered grants { kind remaining expiresAt } }
  accountCredit { amount currency }`

export async function live(to: Ask, customerId: string): Promise<Living> {
  const document = `query ($id: ID!) { billingState(customerId: $id) { ${LIVING} } }`
  return (await dataOf(to.query<{ billingState: Living }>(document, { id: customerId }))).billingState
}

/** The customer's first subscription. */
export async function subscriptionOf(to: Ask, customerId: string): Promise<LivingSubscription> {
  const [subscription] = (await live(to, customerId)).subscriptions
  if (!subscription) throw new Error(`${customerId} has no subscription`)
  return subscription
}

/** What can be spent, was granted and used of the first credit type: "102 of 105, 3 used". */
export async function balanceOf(to: Ask, customerId: string): Promise<string> {
  const [balance] = (await live(to, customerId)).balances
  return balance ? `${balance.available} of ${balance.granted}, ${balance.used} used` : 'nothing'
}

/** Moves the sandbox clock to an instant; does all that is due on the way. */
export async function advanceTo(to: Ask, instant: number | string): Promise<void> {
  const until = new Date(instant).toISOString()
  await dataOf(to.query(`mutation ($to: DateTime!) { advanceClock(to: $to) }`, { to: until }))
}

/** Moves the sandbox clock so far. */
export async function advanceBy(to: Ask, ms: number): Promise<void> {
  const { clock } = await dataOf(to.query<{ clock: string }>(`{ clock }`))
  await advanceTo(to, Date.parse(clock) + ms)
}

/** Moves the sandbox clock to the end of the customer's period, or so far beyond it. */
export async function advanceToPeriodEnd(to: Ask, customerId: string, beyondMs = 0): Promise<void> {
  await advanceTo(to, Date.parse((await subscriptionOf(to, customerId)).currentPeriodEnd) + beyondMs)
}

/** Subscribes a new customer, who pays on a checkout page if there is something to pay. */
export async function start(to: Ask, customerId: string, rateCard: string, input: object = {}): Promise<string> {
  await upsertCustomer(to, customerId)
  const sold = await subscribe(to, { customerId, rateCard, checkout: URLS, ...input })
  if (sold.token) await payCheckout(to, tokenOf(sold), GOOD_CARD)
  return customerId
}

/** Changes the customer's card, with the card on file or on a checkout page. */
export async function change(to: Ask, customerId: string, rateCard: string, input: object = {}): Promise<Sold> {
  const { id } = await subscriptionOf(to, customerId)
  const sold = await changeRateCard(to, { subscriptionId: id, rateCard, checkout: URLS, ...input })
  if (sold.token) await payCheckout(to, sold.token, GOOD_CARD)
  return sold
}

export interface Bill {
  readonly id: string
  readonly number: string
  readonly status: string
  readonly total: string
  readonly amountDue: string
  readonly periodStart: string | null
  readonly periodEnd: string | null
  readonly lines: readonly {
    readonly description: string
    readonly quantity: string
    readonly amount: string
    readonly proration: boolean
    readonly periodStart: string | null
    readonly periodEnd: string | null
  }[]
}

/** The customer's invoices, newest first. */
export async function bills(to: Ask, customerId: string): Promise<readonly Bill[]> {
  const document = `query ($id: ID!) { invoices(customerId: $id, first: 100) { nodes { id number status total amountDue
    periodStart periodEnd lines { description quantity amount proration periodStart periodEnd } } } }`
  return (await dataOf(to.query<{ invoices: { nodes: Bill[] } }>(document, { id: customerId }))).invoices.nodes
}

/** An invoice in a line: "107.20 PAID: Generations: overage 7.20, Premium 100.00". */
export function told({ total, status, lines }: Bill): string {
  return `${total} ${status}: ${lines.map(({ description, amount }) => `${description} ${amount}`).join(', ')}`
}

/** Puts another card on file, as if the bank had changed its mind about the old one. */
export async function putOnFile({ database }: Stack, customerId: string, paymentMethodId: string): Promise<void> {
  await database.query(
    `update payment_method m set provider_method_id = $2 from payment_profile p join customer c on c.pk = p.customer_pk
     where m.id = p.payment_method_id and c.id = $1`,
    [customerId, paymentMethodId],
  )
}
