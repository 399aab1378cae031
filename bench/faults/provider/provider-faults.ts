import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../random.ts'
import type { Delivery } from './courier.ts'
import type { Provider } from './provider-server.ts'

/** What the provider, or the way to it, does wrong for a while. */
export interface ProviderFault {
  readonly name: string
  /** What requests run into, one after the other and here and there. */
  readonly faults: readonly object[]
  readonly delivery?: Delivery
}

const RUBBISH = [
  'wrong_amount',
  'wrong_currency',
  'wrong_customer',
  'missing_fields',
  'not_found_without_error',
  'html',
] as const

/** @param lateMs how late late answers are: beyond the patience of the adapter. */
export function providerFaults(lateMs: number): ProviderFault[] {
  return [
    { name: 'executes, then drops', faults: [{ fault: 'drop_after' }] },
    { name: 'drops, executes nothing', faults: [{ fault: 'drop_before' }] },
    { name: 'executes, then answers 500', faults: [{ fault: 'error_500_after' }] },
    { name: `answers ${lateMs / 1_000} s late`, faults: [{ fault: 'delay', delayMs: lateMs }] },
    { name: '429 storm', faults: [{ fault: 'rate_limit', times: 20 }] },
    ...RUBBISH.map((rubbish) => ({
      name: `rubbish: ${rubbish.replaceAll('_', ' ')}`,
      faults: [{ fault: 'rubbish', rubbish }],
    })),
    { name: 'webhooks: 30 % lost', faults: [], delivery: 'lossy' },
    { name: 'webhooks: doubled', faults: [], delivery: 'doubled' },
    { name: 'webhooks: shuffled', faults: [], delivery: 'shuffled' },
  ]
}

/** All of them together. */
export function everyFault(lateMs: number): ProviderFault {
  return {
    name: 'all together',
    faults: providerFaults(lateMs).flatMap(({ faults }) => faults),
    delivery: 'shuffled',
  }
}

const REQUESTS = [
  'POST /v1/payment_intents',
  'POST /v1/payment_intents',
  'POST /v1/refunds',
  'POST /v1/checkout/sessions',
  'POST /v1/customers',
  'GET /v1/checkout/sessions/*',
  'GET /v1/payment_intents',
  'GET /v1/payment_intents/*',
  'GET /v1/payment_methods/*',
  'GET /v1/refunds',
  'GET /v1/charges',
  'GET /v1/disputes',
  'GET /v1/events',
]

const PAUSE_MS = 100
/** The SDK repeats a request three times by itself: fewer in a row are seldom seen. */
const MOST_IN_A_ROW = 12

/** Breaks what it can for so long; nothing is broken any more when it answers, but for answers that are still to come. */
export async function breakFor(provider: Provider, fault: ProviderFault, random: Random, ms: number): Promise<void> {
  provider.courier.delivery = fault.delivery ?? 'plain'
  const until = performance.now() + ms
  while (performance.now() < until) {
    if (fault.faults.length > 0) {
      const times = 1 + random.below(MOST_IN_A_ROW)
      await provider.breakIt({ match: random.pick(REQUESTS), times, ...random.pick(fault.faults) })
    }
    await sleep(PAUSE_MS)
  }
  await provider.repair()
  provider.courier.delivery = 'plain'
}
