import type Stripe from 'stripe'
import { auditLedger, type Breach } from '../../../apps/server/src/modules/audit/audit-ledger.ts'
import type { Database } from '../../../apps/server/src/platform/database.ts'
import type { Deed } from './buying.ts'
import type { Provider } from './provider-server.ts'

/** What became of everybody's money, by the provider's own books. */
export interface ProviderVerdict {
  readonly charges: number
  readonly grants: number
  readonly refunds: number
  /** Charged, paid back or acknowledged, and not in Florin's books. */
  readonly lost: number
  /** Charged, granted or paid back more than once, or without the other. */
  readonly doubled: number
  /** Deeds that failed although the card is good. */
  readonly failed: number
  readonly breaches: readonly Breach[]
  /** In words. */
  readonly findings: readonly string[]
}

interface PaymentRow {
  readonly id: string
  readonly customer: string
  readonly status: string
  readonly minor: number
  readonly currency: string
  readonly intent: string | null
  readonly checkout: string | null
  readonly kind: string
  readonly toppedUp: boolean
  readonly refunded: number
  readonly grants: number
}

const PAYMENTS = `
  select y.id, c.id as customer, y.status::text, y.amount_minor as minor, y.currency, y.provider_payment_id as intent,
    y.checkout_session_id as checkout, y.purpose->>'kind' as kind, y.purpose ? 'topUp' as "toppedUp",
    y.refunded_minor as refunded, (select count(*) from "grant" g where g.payment_id = y.id) as grants
  from payment y join customer c on c.pk = y.customer_pk where c.id like $1 order by y.id`

const REFERENCE = 'florin_reference'

/** Compares Florin's books with the provider's, for the customers whose ids begin so. Nothing may be under way. */
export async function judgeProvider(
  database: Database,
  { stripe }: Provider,
  name: string,
  deeds: readonly Deed[],
): Promise<ProviderVerdict> {
  const payments = await database.query<PaymentRow>(PAYMENTS, [`${name}-%`])
  const own = new Set(payments.flatMap(({ id, checkout }) => (checkout ? [id, checkout] : [id])))
  const unpaid = await database.query<{ id: string }>(
    `select s.id from checkout_session s join customer c on c.pk = s.customer_pk where c.id like $1`,
    [`${name}-%`],
  )
  for (const { id } of unpaid) own.add(id)
  const everything = { limit: 100, expand: [] }
  const most = { limit: 10_000 }
  const intents = (await stripe.paymentIntents.list(everything).autoPagingToArray(most)).filter(({ metadata }) =>
    own.has(metadata[REFERENCE] ?? ''),
  )
  const ids = new Set(intents.map(({ id }) => id))
  const charges = (await stripe.charges.list(everything).autoPagingToArray(most)).filter(
    ({ status, payment_intent }) => status === 'succeeded' && ids.has(payment_intent as string),
  )
  const refunds = (await stripe.refunds.list(everything).autoPagingToArray(most)).filter(
    ({ status, payment_intent }) => status === 'succeeded' && ids.has(payment_intent as string),
  )
  const count = createCount()
  judgeCharges(count, payments, intents, charges)
  judgeRefunds(count, payments, refunds)
  judgeDeeds(count, payments, deeds)
  return {
    charges: charges.length,
    grants: payments.reduce((sum, { grants }) => sum + grants, 0),
    refunds: refunds.length,
    lost: count.lost,
    doubled: count.doubled,
    failed: count.failed,
    findings: count.findings,
    breaches: await auditLedger(database),
  }
}

interface Count {
  lost: number
  doubled: number
  failed: number
  readonly findings: string[]
  note(as: 'lost' | 'doubled' | 'failed', finding: string): void
}

const MOST_FINDINGS = 20

function createCount(): Count {
  const count: Count = {
    lost: 0,
    doubled: 0,
    failed: 0,
    findings: [],
    note: (as, finding) => {
      count[as]++
      if (count.findings.length < MOST_FINDINGS) count.findings.push(`${as}: ${finding}`)
    },
  }
  return count
}

/** One charge for each intent of ours, one payment for each charge, one grant for each payment that bought credits. */
function judgeCharges(
  count: Count,
  payments: readonly PaymentRow[],
  intents: readonly Stripe.PaymentIntent[],
  charges: readonly Stripe.Charge[],
): void {
  const byIntent = new Map(payments.map((payment) => [payment.intent, payment]))
  for (const [reference, those] of group(charges, (charge) => referenceOf(intents, charge.payment_intent))) {
    if (those.length > 1) count.note('doubled', `${reference} was charged ${those.length} times`)
  }
  for (const { id, payment_intent, amount, currency } of charges) {
    const payment = byIntent.get(payment_intent as string)
    if (payment?.status !== 'SUCCEEDED' && payment?.status !== 'REFUNDED') {
      count.note('lost', `charge ${id} of ${amount} ${currency} is here ${JSON.stringify(payment ?? 'unknown')}`)
    } else if (payment.minor !== amount || payment.currency.toLowerCase() !== currency) {
      count.note('doubled', `charge ${id} of ${amount} ${currency} is here ${payment.minor} ${payment.currency}`)
    }
  }
  const charged = new Set(charges.map(({ payment_intent }) => payment_intent as string))
  for (const payment of payments) {
    const { id, status, intent, kind, grants } = payment
    if (status === 'SUCCEEDED' && !charged.has(intent ?? '')) count.note('doubled', `payment ${id} was never charged`)
    if (status === 'SUCCEEDED' && kind === 'bundle' && grants !== 1) {
      count.note(grants > 1 ? 'doubled' : 'lost', `payment ${id} brought ${grants} grants`)
    }
    if (status !== 'SUCCEEDED' && grants > 0) count.note('doubled', `payment ${id} is ${status}, and brought a grant`)
  }
}

function judgeRefunds(count: Count, payments: readonly PaymentRow[], refunds: readonly Stripe.Refund[]): void {
  for (const [reference, those] of group(refunds, ({ metadata }) => metadata?.[REFERENCE] ?? null)) {
    if (those.length > 1) count.note('doubled', `refund ${reference} was made ${those.length} times`)
  }
  const sums = new Map<string, number>()
  for (const { payment_intent, amount } of refunds) {
    sums.set(payment_intent as string, (sums.get(payment_intent as string) ?? 0) + amount)
  }
  for (const { id, status, intent, minor, refunded } of payments) {
    const sum = sums.get(intent ?? '') ?? 0
    const expected = status === 'REFUNDED' ? minor : refunded
    if (sum > expected) count.note('lost', `of payment ${id} ${sum} went back, and ${expected} is known here`)
    if (sum < expected) count.note('doubled', `of payment ${id} ${sum} went back, and here it is ${expected}`)
  }
}

/** What a customer was told that they had bought is what they have paid. The first payment is that of their enrolment. */
function judgeDeeds(count: Count, payments: readonly PaymentRow[], deeds: readonly Deed[]): void {
  for (const { kind, customerId, answer, told } of deeds) {
    if (answer === null) count.note('lost', `${kind} of ${customerId} never ended`)
    if (answer === 'failed' && told !== 'nothing to refund') count.note('failed', `${kind} of ${customerId}: ${told}`)
  }
  const bought = group(
    deeds.filter(({ kind, answer }) => answer === 'done' && ['purchase', 'checkout', 'change'].includes(kind)),
    ({ customerId }) => customerId,
  )
  const paid = group(
    payments.filter(({ status, toppedUp }) => status === 'SUCCEEDED' && !toppedUp),
    ({ customer }) => customer,
  )
  for (const [customer, those] of paid) {
    const expected = 1 + (bought.get(customer)?.length ?? 0)
    if (those.length > expected) count.note('doubled', `${customer} bought ${expected} times and paid ${those.length}`)
    if (those.length < expected) count.note('lost', `${customer} bought ${expected} times and paid ${those.length}`)
  }
}

function referenceOf(intents: readonly Stripe.PaymentIntent[], id: unknown): string | null {
  return intents.find((intent) => intent.id === id)?.metadata[REFERENCE] ?? null
}

function group<Item>(items: readonly Item[], by: (item: Item) => string | null): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const key = by(item)
    if (key !== null) groups.set(key, [...(groups.get(key) ?? []), item])
  }
  return groups
}
