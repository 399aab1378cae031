import { randomUUID } from 'node:crypto'
import type { BillingState, Florin, Invoice } from '@florin/sdk'
import { payWithTestCard } from './card-page.ts'
import type { BilledInvoice, CreditBalance, Example, Month } from './example.ts'

const ADVANCE = `mutation ($to: DateTime!) { advanceClock(to: $to) }`
const DAY_MS = 86_400_000
/** Everybody's renewals on the way are really carried out. */
const ADVANCE_TIMEOUT_MS = 300_000

/** Lives one customer's month in a sandbox, whose clock it moves to the period's end. Answers what came of it. */
export async function simulate(florin: Florin, example: Example): Promise<Month> {
  const customerId = `${example.name}-${randomUUID().slice(0, 8)}`
  await example.publish(florin)
  await example.month({ florin, customerId, pay: (sold) => payWithTestCard(florin, sold) })

  const spent = await florin.billingState(customerId)
  const [subscription] = spent.subscriptions
  if (!subscription) throw new Error(`${customerId} has no subscription at the end of the month`)
  const periodEnd = subscription.currentPeriodEnd
  await advanceClock(florin, periodEnd)

  const renewed = await florin.billingState(customerId)
  const { nodes } = await florin.invoices({ customerId })
  const later: { days: number; balances: CreditBalance[] }[] = []
  for (const { days } of example.expected.later ?? []) {
    await advanceClock(florin, new Date(Date.parse(periodEnd) + days * DAY_MS).toISOString())
    later.push({ days, balances: balancesOf(await florin.billingState(customerId)) })
  }
  // Or this customer would renew with every month of the runs to come.
  await florin.cancelSubscription({ subscriptionId: subscription.id, at: 'NOW' })
  return {
    invoices: nodes.map(billed).reverse(),
    atMonthEnd: balancesOf(spent),
    afterRenewal: balancesOf(renewed),
    subscription: renewed.subscriptions[0]?.status ?? 'CANCELED',
    ...(later.length > 0 && { later }),
  }
}

async function advanceClock(florin: Florin, to: string): Promise<void> {
  await florin.request(ADVANCE, { to }, { timeoutMs: ADVANCE_TIMEOUT_MS })
}

const billed = ({ status, lines, total }: Invoice): BilledInvoice => ({
  status,
  lines: lines.map(({ description, quantity, amount }) => ({ description, quantity, amount })),
  total,
})

const balancesOf = ({ balances }: BillingState): CreditBalance[] =>
  balances.map(({ creditType, available, overage, uncovered }) => ({ creditType, available, overage, uncovered }))
