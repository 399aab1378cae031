import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Api } from '../../../bench/api.ts'
import { everyFault } from '../../../bench/faults/provider/provider-faults.ts'
import { explainProviderRound } from '../../../bench/faults/provider/provider-report.ts'
import { runProviderRound } from '../../../bench/faults/provider/provider-round.ts'
import { type Provider, startProvider } from '../../../bench/faults/provider/provider-server.ts'
import { openShop } from '../../../bench/faults/provider/shop.ts'
import { createRandom } from '../../../bench/faults/random.ts'
import { type Peer, type Stack, startStack, WEBHOOK_PATH, WEBHOOK_SECRET } from './stack.ts'

// The shortest run of `npm run faults -- --fault provider`: one round, all faults together.

const SEED = 1
/** More than clients wait for. That the adapter gives up as well is for the long run. */
const LATE_MS = 6_000

const random = createRandom(SEED)
const peers: Peer[] = []
let provider: Provider
let stack: Stack

beforeAll(async () => {
  provider = await startProvider(WEBHOOK_SECRET, () => peers.map(({ url }) => `${url}${WEBHOOK_PATH}`), random)
  stack = await startStack({ sandboxUrl: provider.url })
  peers.push(stack, await stack.addPeer())
})
afterAll(async () => {
  await stack.close()
  await provider.close()
})

/** As if a minute and a half had passed: what was asked for before is looked for, not asked for again. */
function hurry(): Promise<unknown> {
  return stack.database.query(
    `update payment set first_asked_at = first_asked_at - interval '2 minutes' where settled_at is null`,
  )
}

test('a provider that drops, fails, is late, limits and answers rubbish, whose webhooks come in any order: one charge, one grant, one refund each', async () => {
  const addresses = peers.map(({ url }): Api => ({ port: Number(new URL(url).port), secretKey: stack.secretKey }))
  await openShop(addresses[0] as Api)
  const round = await runProviderRound(
    { database: stack.database, addresses, provider },
    { round: 1, fault: everyFault(LATE_MS), random, seed: SEED, customers: 2, brokenMs: 4_000, hurry },
  )
  expect(explainProviderRound(round)).toEqual([])
  expect(round.verdict.charges).toBeGreaterThan(10)
  expect(round.deeds.filter(({ unknowns }) => unknowns > 0)).not.toEqual([])
}, 240_000)
