import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../../../apps/server/src/platform/database.ts'
import type { Api } from '../../api.ts'
import type { Random } from '../random.ts'
import { type Deed, startBuying } from './buying.ts'
import { breakFor, type ProviderFault } from './provider-faults.ts'
import type { Provider } from './provider-server.ts'
import { judgeProvider, type ProviderVerdict } from './provider-verdict.ts'
import { type Customer, enrol, type Kind } from './shop.ts'

export interface ProviderParties {
  readonly database: Database
  readonly addresses: readonly Api[]
  readonly provider: Provider
}

export interface ProviderRoundPlan {
  readonly round: number
  readonly fault: ProviderFault
  readonly random: Random
  readonly seed: number
  /** Customers of each kind. */
  readonly customers: number
  readonly brokenMs: number
  /** Lets time pass that nobody wants to wait for, once nothing is broken any more. */
  hurry?(): Promise<unknown>
}

export interface ProviderRound {
  readonly round: number
  readonly fault: string
  readonly deeds: readonly Deed[]
  readonly lostEvents: number
  /** From the end of the fault until nothing was pending. */
  readonly recoveryMs: number
  readonly pending: readonly object[]
  readonly verdict: ProviderVerdict
}

const CALM_MS = 1_000
const QUIET_WITHIN_MS = 180_000
const KINDS: readonly Kind[] = ['buyer', 'subscriber', 'topper']

/** Sales, a fault in the middle of them, sales again; then the provider's books and Florin's are compared. */
export async function runProviderRound(parties: ProviderParties, plan: ProviderRoundPlan): Promise<ProviderRound> {
  const { database, addresses, provider } = parties
  const { round, fault, random, seed, brokenMs } = plan
  const name = `p${round}`
  const [first] = addresses
  if (!first) throw new Error('an installation has an API process')
  const customers = KINDS.flatMap((kind) =>
    Array.from({ length: plan.customers }, (_, index): Customer => ({ id: `${name}-${kind}-${index}`, kind })),
  )
  for (const customer of customers) await enrol(first, customer)
  const lostBefore = provider.courier.lost
  const paymentOf = (customerId: string) => readPayment(database, customerId)
  const buying = startBuying({ apis: addresses, provider, customers, paymentOf, name, seed: seed + round })
  await sleep(CALM_MS)
  await breakFor(provider, fault, random, brokenMs)
  const mendedAt = performance.now()
  await sleep(CALM_MS)
  await plan.hurry?.()
  await buying.stop()
  await provider.courier.drained()
  // As after the few minutes that the next sweep would come by itself.
  await database.query(`update provider_sweep set next_at = now(), swept_at = null`)
  const pending = await untilQuiet(database, name)
  return {
    round,
    fault: fault.name,
    deeds: buying.deeds,
    lostEvents: provider.courier.lost - lostBefore,
    recoveryMs: performance.now() - mendedAt,
    pending,
    verdict: await judgeProvider(database, provider, name, buying.deeds),
  }
}

async function readPayment(database: Database, customerId: string): Promise<string | null> {
  const [row] = await database.query<{ id: string }>(
    `select y.provider_payment_id as id from payment y join customer c on c.pk = y.customer_pk
     where c.id = $1 and y.status = 'SUCCEEDED' and y.amount_minor - y.refunded_minor > 400 order by y.id desc limit 1`,
    [customerId],
  )
  return row?.id ?? null
}

const PENDING = `
  select 'payment' as what, y.id::text, y.status::text as state from payment y join customer c on c.pk = y.customer_pk
  where c.id like $1 and y.settled_at is null
  union all
  select 'checkout', s.id::text, s.status::text from checkout_session s join customer c on c.pk = s.customer_pk
  where c.id like $1 and s.status not in ('OPEN', 'COMPLETED', 'EXPIRED', 'REFUNDED')
  union all
  select 'refund', r.id::text, r.status::text from refund r join payment y on y.id = r.payment_id
  join customer c on c.pk = y.customer_pk where c.id like $1 and r.status = 'PENDING'
  union all
  select 'event', id, coalesce(last_error, 'due') from provider_event where outcome is null
  union all
  select 'sweep', name, 'due' from provider_sweep where swept_at is null`

/** Waits until nothing is under way. Answers what still is, if it takes too long. */
async function untilQuiet(database: Database, name: string): Promise<readonly object[]> {
  const until = performance.now() + QUIET_WITHIN_MS
  for (;;) {
    const rows = await database.query<object>(PENDING, [`${name}-%`])
    if (rows.length === 0 || performance.now() > until) return rows
    await sleep(200)
  }
}
