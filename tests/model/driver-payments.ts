import { until } from '../../apps/server/test/at-once.ts'
import { GOOD_CARD, payCheckout } from '../../apps/server/test/pay-checkout.ts'
import { stripeAt } from '../../apps/server/test/provider.ts'
import { URLS } from '../../apps/server/test/selling.ts'
import type { Stack } from '../../apps/server/test/stack.ts'
import { DOCUMENTS, PAYMENTS } from './documents.ts'
import type { Told } from './driver.ts'
import { logicalClock } from './logical-clock.ts'
import { type Call, DISPUTED_AFTER_MS } from './world.ts'

// Money comes by a card, and its bank may want it back: what takes more than one call.

const DISPUTED_CARD = '4000000000000259'

interface PaymentRead {
  readonly id: string
  readonly grant: { readonly id: string } | null
  readonly disputes: readonly { readonly id: string; readonly status: string }[]
}

/** Where the money is: a project of a stack, and how to ask it. */
export interface Till {
  readonly stack: Stack
  readonly projectId: string
  ask<Data>(document: string, variables: object): Promise<Data>
}

/** Buys with the card on file, or else on a checkout page; a disputed payment's dispute is open when this answers. */
export async function buy(
  till: Till,
  call: Extract<Call, { op: 'buy' }>,
  customerId: string,
): Promise<Told & { payment: string }> {
  const { packs: quantity, key: idempotencyKey, disputed } = call
  await till.stack.database.query(
    `update payment_method m set provider_method_id = $3 from payment_profile p join customer c on c.pk = p.customer_pk
     where m.id = p.payment_method_id and c.id = $1 and c.project_id = $2`,
    [customerId, till.projectId, disputed ? 'pm_card_createDispute' : 'pm_card_visa'],
  )
  const input = { customerId, bundle: 'pack', quantity, checkout: URLS, idempotencyKey }
  const { purchaseBundle } = await till.ask<{ purchaseBundle: { __typename: string; token?: string } }>(DOCUMENTS.buy, {
    input,
  })
  const { token } = purchaseBundle
  const paid = token ? await payCheckout(till.stack, token, disputed ? DISPUTED_CARD : GOOD_CARD) : null
  const outcome = paid?.status === 'COMPLETED' ? 'PurchaseSuccess' : purchaseBundle.__typename
  if (disputed) logicalClock.pass(DISPUTED_AFTER_MS)
  const payment = await until(
    async () => (await paymentsOf(till, customerId))[0],
    (newest) => !disputed || newest?.disputes[0]?.status === 'OPEN',
  )
  return { answer: { outcome }, id: payment?.grant?.id ?? '', version: null, payment: payment?.id ?? '' }
}

/** The bank decides, as the evidence does. */
export async function decide(till: Till, customerId: string, payment: string, won: boolean): Promise<Told> {
  const [row] = await till.stack.database.query<{ id: string }>(
    `select provider_payment_id as id from payment where 'pay_' || replace(id::text, '-', '') = $1`,
    [payment],
  )
  const stripe = stripeAt(till.stack)
  const [dispute] = (await stripe.disputes.list({ payment_intent: row?.id as string })).data
  const evidence = { uncategorized_text: won ? 'winning_evidence' : 'losing_evidence' }
  await stripe.disputes.update(dispute?.id as string, { evidence })
  await until(
    async () => (await paymentsOf(till, customerId)).find(({ id }) => id === payment),
    (read) => read?.disputes[0]?.status === (won ? 'WON' : 'LOST'),
  )
  return { answer: {}, id: '', version: null }
}

async function paymentsOf(till: Till, id: string): Promise<readonly PaymentRead[]> {
  return (await till.ask<{ payments: { nodes: PaymentRead[] } }>(PAYMENTS, { id })).payments.nodes
}
