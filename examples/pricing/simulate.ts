import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { BillingState, Florin, Invoice } from '@florin/sdk'
import { payWithTestCard } from './card-page.ts'
import type { BilledInvoice, CreditBalance, Example, Month } from './example.ts'

const DAY_MS = 86_400_000

/** Lives one customer's month in a sandbox, whose clock it moves to the period's end. Answers what came of it. */
export async function simulate(florin: Florin, example: Example): Promise<Month> {
  const customerId = `${example.name}-${randomUUID().slice(0, 8)}`
  await example.publish(florin)
  await example.month({ florin, customerId, pay: (sold) => payWithTestCard(florin, sold) })

  const spent = await florin.billingState(customerId)
  const [subscription] = spent.subscriptions
  if (!subscription) throw new Error(`${customerId} has no subscription at the end of the month`)
  const periodEnd = subscription.currentPeriodEnd
  const foreseen = await florin.upcomingInvoice(subscription.id)
  await florin.advanceClock(periodEnd)

  const renewed = await florin.billingState(customerId)
  const { nodes } = await florin.invoices({ customerId })
  compareWithForeseen(foreseen, nodes.find(({ issuedAt }) => issuedAt === periodEnd) ?? null)
  const later: { days: number; balances: CreditBalance[] }[] = []
  for (const { days } of example.expected.later ?? []) {
    await florin.advanceClock(new Date(Date.parse(periodEnd) + days * DAY_MS).toISOString())
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

/** Nothing was used between the two, so the period's end bills what it was going to. */
function compareWithForeseen(foreseen: Invoice | null, issued: Invoice | null): void {
  const [expected, actual] = [foreseen, issued].map(
    (invoice) => invoice && { lines: invoice.lines, total: invoice.total },
  )
  if (isDeepStrictEqual(expected, actual)) return
  throw new Error(`foreseen: ${JSON.stringify(expected)}, but invoiced: ${JSON.stringify(actual)}`)
}

const billed = ({ status, lines, total }: Invoice): BilledInvoice => ({
  status,
  lines: lines.map(({ description, quantity, amount }) => ({ description, quantity, amount })),
  total,
})

const balancesOf = ({ balances }: BillingState): CreditBalance[] =>
  balances.map(({ creditType, available, overage, uncovered }) => ({ creditType, available, overage, uncovered }))
