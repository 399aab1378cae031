import { useMemo } from 'react'
import type { FlorinError } from '../client/errors.ts'
import { compare, formatDecimal, multiply, parseDecimal } from '../client/live/decimal.ts'
import type { LiveStatus } from '../client/live/live-billing-state.ts'
import { add, isZero } from '../client/live/price.ts'
import type { Balance, BillingState, RateCard, UsageRate } from '../client/types.ts'
import { useBillingState } from './use-billing-state.ts'

export interface CreditBalanceOptions {
  /** The customer's only or first one unless it is said. */
  readonly creditType?: string | undefined
  /** A balance is low when at most so many percent of what was granted are left; 20 unless it is said. */
  readonly lowPercent?: number | undefined
}

export interface CreditBalanceView {
  readonly creditType: string
  /** Exact decimals; undefined until they are known. */
  readonly available: string | undefined
  readonly granted: string
  readonly held: string
  /** Spent beyond the grants, to be invoiced; undefined where nothing was. */
  readonly overage: string | undefined
  /** Of the card that rates it, where each further credit costs money. */
  readonly overageRate: { readonly rate: UsageRate; readonly rateCard: RateCard } | undefined
  readonly state: 'unknown' | 'enough' | 'low' | 'empty' | 'over'
  /** From 0 to 1, for a bar. */
  readonly share: number
  /** When the next allowance arrives. */
  readonly resetsAt: string | null
  /** What ends first, before that: purchased or promotional credits. */
  readonly expiring: { readonly amount: string; readonly at: string } | undefined
  readonly status: LiveStatus
  readonly error: FlorinError | null
}

/** One pool of credits, live: what `<CreditBalance>` shows. */
export function useCreditBalance({ creditType, lowPercent = 20 }: CreditBalanceOptions = {}): CreditBalanceView {
  const { state, status, error } = useBillingState()
  const type = creditType ?? state?.balances[0]?.creditType ?? 'credits'
  const balance = state?.balances.find((candidate) => candidate.creditType === type)
  const overageRate = useMemo(() => overageRateOf(state, type), [state, type])
  return useMemo(
    () => ({
      creditType: type,
      available: state ? (balance?.available ?? '0') : undefined,
      granted: balance?.granted ?? '0',
      held: balance?.held ?? '0',
      overage: balance && !isZero(balance.overage) ? balance.overage : undefined,
      overageRate,
      state: state ? levelOf(balance, lowPercent) : 'unknown',
      share: balance ? shareOf(balance) : 0,
      resetsAt: balance?.resetsAt ?? null,
      expiring: balance && expiringOf(balance),
      status,
      error,
    }),
    [type, state, balance, overageRate, lowPercent, status, error],
  )
}

function overageRateOf(state: BillingState | null, creditType: string) {
  for (const { rateCard, status } of state?.subscriptions ?? []) {
    const rate = rateCard.usageRates.find((one) => one.creditType === creditType && one.overage === 'CHARGE')
    if (rate && status !== 'CANCELED') return { rate, rateCard }
  }
  return undefined
}

function levelOf(balance: Balance | undefined, lowPercent: number): CreditBalanceView['state'] {
  if (balance && !isZero(balance.overage)) return 'over'
  if (!balance || isZero(balance.available)) return 'empty'
  const [available, granted] = [parseDecimal(balance.available), parseDecimal(balance.granted)]
  if (!available || !granted) return 'enough'
  const low = multiply(granted, { digits: BigInt(Math.round(lowPercent)), scale: 2 })
  return compare(available, low) <= 0n ? 'low' : 'enough'
}

/** A length on the screen, where a float will do. */
function shareOf({ available, granted }: Balance): number {
  const whole = Number(granted)
  return whole > 0 ? Math.min(1, Math.max(0, Number(available) / whole)) : Number(available) > 0 ? 1 : 0
}

/** What expires at the nearest moment, unless that is the allowance making room for the next. */
function expiringOf({ nextExpiryAt, resetsAt, grants }: Balance): CreditBalanceView['expiring'] {
  if (!nextExpiryAt || nextExpiryAt === resetsAt) return undefined
  const ending = grants.filter(({ expiresAt }) => expiresAt === nextExpiryAt)
  const amounts = ending.flatMap(({ remaining }) => parseDecimal(remaining) ?? [])
  const amount = formatDecimal(amounts.reduce(add, { digits: 0n, scale: 0 }))
  return isZero(amount) ? undefined : { amount, at: nextExpiryAt }
}
