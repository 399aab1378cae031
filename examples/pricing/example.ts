import type {
  Florin,
  Invoice,
  PurchaseResult,
  SubscriptionResult,
  SubscriptionStatus,
  UsageEventInput,
} from '@florin/sdk'

/** A pricing page: what it sells, one customer's month on it, and what that month costs. */
export interface Example {
  readonly name: string
  /** The page in one line. */
  readonly pitch: string
  /** Says what is sold. Saying it again changes nothing. */
  publish(florin: Florin): Promise<void>
  /** From sign-up to the last thing that is used; the clock then moves to the end of the period. */
  month(visit: Visit): Promise<void>
  readonly expected: Month
}

/** One customer's visit to a sandbox. */
export interface Visit {
  readonly florin: Florin
  /** New in each run, so that a run never meets what an earlier one left. */
  readonly customerId: string
  /** Pays a checkout with the test card, if one is required; what is done already passes, a failure throws. */
  pay(sold: SubscriptionResult | PurchaseResult): Promise<void>
}

export interface Month {
  /** All of the customer's invoices, the oldest first; the period's end writes the last one, if it has anything to say. */
  readonly invoices: readonly BilledInvoice[]
  /** What the last usage left, just before the period's end. */
  readonly atMonthEnd: readonly CreditBalance[]
  /** The first instant of the next period. */
  readonly afterRenewal: readonly CreditBalance[]
  readonly subscription: SubscriptionStatus
  /** Where credits outlive the month: what is left so many days after its end. */
  readonly later?: readonly { readonly days: number; readonly balances: readonly CreditBalance[] }[]
}

export interface BilledInvoice {
  readonly status: Invoice['status']
  readonly lines: readonly BilledLine[]
  readonly total: string
}

/** Decimals as Florin writes them: quantities without trailing zeros, money with the currency's decimals. */
export interface BilledLine {
  readonly description: string
  readonly quantity: string
  readonly amount: string
}

export interface CreditBalance {
  readonly creditType: string
  readonly available: string
  readonly overage: string
  readonly uncovered: string
}

/** Records usage. A rejected event is an answer, not an exception, and spoils none of its neighbours: look at the results. */
export async function record(florin: Florin, events: UsageEventInput[]): Promise<void> {
  const { results } = await florin.recordUsage(events)
  const rejected = results.find(({ status }) => status === 'REJECTED')
  if (rejected) throw new Error(`"${rejected.idempotencyKey}" was rejected: ${rejected.error?.message}`)
}

/** Pages of your own that a checkout leads back to. */
export const CHECKOUT = { successUrl: 'http://localhost:3000/paid', cancelUrl: 'http://localhost:3000/pricing' }

/** A balance that has credits, or nothing left. */
export const left = (creditType: string, available: string): CreditBalance => ({
  creditType,
  available,
  overage: '0',
  uncovered: '0',
})

/** A balance that is spent, with what was used beyond it. */
export const over = (creditType: string, overage: string): CreditBalance => ({ ...left(creditType, '0'), overage })
