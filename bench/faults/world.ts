import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../../apps/server/src/platform/database.ts'
import { type Api, callApi } from '../api.ts'
import { CREDIT_TYPE, EVENT_NAME, METER } from './operations.ts'

/** Whom the load of one round is about: nobody else touches them. */
export interface World {
  /** By customer id: what they can spend at first. */
  readonly balances: ReadonlyMap<string, number>
}

const ALLOWANCE = 1_000_000
const RICH = 8
/** Nothing but what they are granted on the way: many of their calls are refused, or are not covered. */
const SCARCE = 2
const RECOVERED_WITHIN_MS = 90_000

const DEFINE = `mutation ($meter: MeterInput!, $rich: RateCardInput!, $scarce: RateCardInput!, $daily: RateCardInput!) {
  defineMeter(input: $meter) { code }
  defineCreditType(input: { code: "${CREDIT_TYPE}" }) { code }
  rich: publishRateCard(input: $rich) { code }
  scarce: publishRateCard(input: $scarce) { code }
  daily: publishRateCard(input: $daily) { code }
}`

const ENROL = `mutation ($customerId: ID!, $rateCard: String!) {
  upsertCustomer(input: { id: $customerId }) { id }
  subscribe(input: { customerId: $customerId, rateCard: $rateCard }) { ... on SubscriptionSuccess { subscription { id } } }
}`

const PROBE = `mutation ($input: ConsumeInput!) { consume(input: $input) { decision { allowed } } }`

/** @param daily how many customers have an allowance that is renewed every day. */
export async function defineWorld(api: Api, daily: number): Promise<void> {
  const usageRates = [{ code: METER, name: 'Replies', meter: METER, creditType: CREDIT_TYPE }]
  const card = (code: string, more: object) => ({ code, name: code, usageRates, ...more })
  const allowances = (amount: number) => ({ allowances: [{ creditType: CREDIT_TYPE, amount: String(amount) }] })
  await callApi(api, DEFINE, {
    meter: { code: METER, eventName: EVENT_NAME, aggregation: 'SUM', property: 'value' },
    rich: card('rich', allowances(ALLOWANCE)),
    scarce: card('scarce', {}),
    daily: card('daily', { interval: 'DAY', ...allowances(10) }),
  })
  for (let index = 0; index < daily; index++) await enrol(api, `daily-${index}`, 'daily')
  await enrol(api, 'probe', 'rich')
}

export async function createWorld(api: Api, name: string): Promise<World> {
  const balances = new Map<string, number>()
  for (let index = 0; index < RICH + SCARCE; index++) {
    const rateCard = index < RICH ? 'rich' : 'scarce'
    const id = `${name}-${rateCard}-${index}`
    await enrol(api, id, rateCard)
    balances.set(id, index < RICH ? ALLOWANCE : 0)
  }
  return { balances }
}

async function enrol(api: Api, customerId: string, rateCard: string): Promise<void> {
  const { subscribe } = await callApi<{ subscribe: { subscription?: unknown } }>(api, ENROL, { customerId, rateCard })
  if (!subscribe.subscription) throw new Error(`${customerId} was not subscribed`)
}

/** Waits until the API process records usage of a customer who is there for that. Throws if it does not. */
export async function untilServing(api: Api, name: string): Promise<void> {
  const until = performance.now() + RECOVERED_WITHIN_MS
  for (let attempt = 0; performance.now() < until; attempt++) {
    const input = { customerId: 'probe', meter: METER, idempotencyKey: `${name}-${api.port}-${attempt}` }
    const answer = await callApi(api, PROBE, { input }, AbortSignal.timeout(1_000)).catch(() => null)
    if (answer) return
    await sleep(10)
  }
  throw new Error(`the API on port ${api.port} has not recovered after ${RECOVERED_WITHIN_MS / 1_000} s`)
}

export interface Renewals {
  /** By the days that have passed. */
  readonly due: number
  readonly once: number
  readonly lost: number
  readonly doubled: number
}

const RENEWED_WITHIN_MS = 90_000

const RENEWALS = `
  select s.period_index as periods, s.due_at > now() + p.clock_offset_ms * interval '1 millisecond' as settled,
    floor(p.clock_offset_ms / 86400000.0)::int as days,
    (select count(*) from "grant" g where g.subscription_id = s.id and g.kind = 'ALLOWANCE') as allowances
  from subscription s join customer c on c.pk = s.customer_pk join project p on p.id = c.project_id
  where c.id like 'daily-%'`

interface RenewalRow {
  readonly periods: number
  readonly settled: boolean
  readonly days: number
  readonly allowances: number
}

/** Counts the renewals of the daily customers, once all are done or it has taken too long: a dead worker's claim lasts a minute. */
export async function judgeRenewals(database: Database, pause: () => Promise<unknown>): Promise<Renewals> {
  const until = performance.now() + RENEWED_WITHIN_MS
  for (;;) {
    const rows = await database.query<RenewalRow>(RENEWALS)
    if (rows.every(({ settled }) => settled) || performance.now() > until) return countRenewals(rows)
    await pause()
  }
}

function countRenewals(rows: readonly RenewalRow[]): Renewals {
  const sum = (count: (row: RenewalRow) => number) => rows.reduce((total, row) => total + count(row), 0)
  return {
    due: sum(({ days }) => days),
    once: sum(({ days, periods, allowances }) => (periods === days && allowances === days + 1 ? days : 0)),
    lost: sum(({ days, periods, allowances }) => Math.max(0, days - Math.min(periods, allowances - 1))),
    doubled: sum(({ days, periods, allowances }) => Math.max(0, Math.max(periods, allowances - 1) - days)),
  }
}
