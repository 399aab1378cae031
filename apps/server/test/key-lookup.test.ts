import { afterAll, beforeAll, test } from 'vitest'
import { atOnce, inTurn, until } from './at-once.ts'
import { consume } from './calls.ts'
import { type Stack, startStack } from './stack.ts'
import { publishWorkedExample, signUp } from './worked-example.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await publishWorkedExample(stack)
})
afterAll(() => stack.close())

/** How often keys were looked up by their own index. */
async function lookUpsByKey(): Promise<number> {
  const [row] = await stack.database.query<{ scans: number }>(
    `select idx_scan as scans from pg_stat_user_indexes where indexrelname = 'usage_event_pkey'`,
  )
  return row?.scans ?? 0
}

test('looking a key up reads that key, not the events of the customer, in a database that nobody has analysed', async () => {
  const customerId = await signUp(stack, 'busy')
  // Whatever is planned once is planned now: on a table of a few rows, for batches.
  await inTurn(8, (round) =>
    atOnce(40, (index) => consume(stack, { customerId, idempotencyKey: `early-${round}-${index}` })),
  )
  await stack.database.query(
    `insert into usage_event (customer_pk, operation, key, input_hash, timestamp, status, result)
     select pk, 'consume', 'past-' || n, '', now(), 'REFUSED', '{}' from customer, generate_series(1, 3000) n`,
  )
  let later = 0
  await until(
    async () => {
      await consume(stack, { customerId, idempotencyKey: `later-${later++}` })
      return lookUpsByKey()
    },
    (scans) => scans >= 20,
  )
})
