import { afterAll, beforeAll, expect, test } from 'vitest'
import { inTurn, until } from './at-once.ts'
import { askConsume, consume, dataOf, faultOf, voidUsage } from './calls.ts'
import { openCardPage, typeCard } from './pay-checkout.ts'
import { breakProvider, deliver, repairProvider, signatureOf, stripeAt } from './provider.ts'
import {
  askRefundPayment,
  buy,
  creditsOf,
  DISPUTED_CARD,
  decideDispute,
  disputeAt,
  entriesOf,
  INQUIRED_CARD,
  newestPayment,
  providerPaymentOf,
  quiet,
  refund,
  untilCredits,
} from './refunding.ts'
import { openBundleCheckout } from './selling.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())

/** A customer whose bank disputes the payment for packs of 100 credits, of which some were spent in time. */
async function disputed(id: string, { packs = 1, spent = '0' } = {}): Promise<string> {
  const customerId = await signUp(stack, id, 'prepaid')
  await unheard(async () => {
    await buy(stack, customerId, { packs, card: DISPUTED_CARD })
    if (spent !== '0') await consume(stack, { customerId, quantity: spent, idempotencyKey: 'spent' })
    await disputeAt(stack, customerId)
  })
  return customerId
}

/** What happens at the provider meanwhile is heard of afterwards. */
async function unheard(work: () => Promise<void>): Promise<void> {
  await breakProvider(stack, { match: 'GET /v1/disputes', fault: 'drop_before', times: 1_000 })
  await work()
  // The tests ask the provider themselves.
}

/** What was not processed is tried again at once. */
async function hear(): Promise<void> {
  await repairProvider(stack)
  await stack.database.query(
    `update provider_event set received_at = now() - interval '1 minute' where processed_at is null`,
  )
}
