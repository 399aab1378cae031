import type { AccessDecision, BillingState, DecimalInput, MeterState } from '../types.ts'
import { compare, formatDecimal, multiply, parseDecimal } from './decimal.ts'

/**
 * The decision on `quantity` where the live state already holds it exactly; null where only the API can tell (`check`).
 * Exact are the usual usage (quantity 1), and any quantity at a flat price that the balance covers: tiers, packages,
 * overage and what would lift a refusal are the API's to decide.
 */
export function deriveDecision(state: BillingState, meter: string, quantity: DecimalInput): AccessDecision | null {
  const access = state.meters.find((candidate) => candidate.meter === meter)?.access
  const amount = parseDecimal(quantity)
  if (!access || !amount || amount.digits < 0n) return null
  if (compare(amount, ONE) === 0n) return access
  const [unit, available] = [parseDecimal(access.cost), parseDecimal(access.available)]
  if (!unit || !available || access.reason !== 'COVERED' || !costsTheSameEach(state, meter, access.cost)) return null
  const cost = multiply(unit, amount)
  return compare(cost, available) <= 0n ? { ...access, cost: formatDecimal(cost) } : null
}

const ONE = { digits: 1n, scale: 0 }

/** A flat price, and the next unit costs it: a meter that keeps a maximum draws less below it. */
function costsTheSameEach(state: BillingState, meter: string, cost: MeterState['access']['cost']): boolean {
  const rates = state.subscriptions
    .flatMap(({ rateCard }) => rateCard.usageRates)
    .filter((rate) => rate.meter === meter)
  const [rate] = rates
  if (!rate || rates.length > 1) return false
  const flat = rate.creditCost === null ? '1' : flatAmount(rate.creditCost)
  const [each, next] = [flat === null ? null : parseDecimal(flat), parseDecimal(cost)]
  return each !== null && next !== null && compare(each, next) === 0n
}

function flatAmount(price: unknown): string | null {
  const amount = field(field(price, 'flat'), 'amount')
  return typeof amount === 'string' ? amount : null
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
