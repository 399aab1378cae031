import { format, least } from './decimal.ts'
import { type Answer, CARDS, COSTS, type Customer, type Grant, type Meter, type Part, type World } from './world.ts'

/** Spendable in [from, until): whether or not anybody has swept. */
export function isLive({ from, until, ended }: Grant, at: number): boolean {
  return !ended && from <= at && (until === null || at < until)
}

/** Wallet priority, grant priority, earliest expiry (none last), earliest effective time, id. */
export function inDrawdownOrder(grants: readonly Grant[]): Grant[] {
  const keys = ({ walletPriority, priority, until, from }: Grant) => [walletPriority, priority, until ?? Infinity, from]
  return [...grants].sort((a, b) => {
    const other = keys(b)
    const at = keys(a).findIndex((key, index) => key !== other[index])
    if (at >= 0) return (keys(a)[at] as number) < (other[at] as number) ? -1 : 1
    return a.id < b.id ? -1 : 1
  })
}

/** The live grants that may pay for the meter, in drawdown order. */
function payersOf(world: World, customer: Customer, meter: Meter): Grant[] {
  const serving = customer.grants.filter(({ meters }) => meters.length === 0 || meters.includes(meter))
  return inDrawdownOrder(serving.filter((grant) => isLive(grant, world.now)))
}

export function availableFor(world: World, customer: Customer, meter: Meter): bigint {
  return payersOf(world, customer, meter).reduce((sum, { remaining }) => sum + remaining, 0n)
}

/** Of all live grants, whatever they serve. */
export function availableOf(world: World, customer: Customer): bigint {
  return customer.grants.reduce((sum, grant) => sum + (isLive(grant, world.now) ? grant.remaining : 0n), 0n)
}

/** Takes up to an amount from the grants in their order; what they lack is the caller's. */
export function take(
  world: World,
  customer: Customer,
  meter: Meter,
  amount: bigint,
): { parts: Part[]; lacking: bigint } {
  const parts: Part[] = []
  let lacking = amount
  for (const grant of payersOf(world, customer, meter)) {
    const taken = least(grant.remaining, lacking)
    if (taken === 0n) continue
    grant.remaining -= taken
    lacking -= taken
    parts.push({ grant: grant.ref, amount: taken })
  }
  return { parts, lacking }
}

export function chargesOverage(customer: Customer): boolean {
  return CARDS[customer.plan.card].overage === 'CHARGE'
}

/** Usage that has happened: what no grant pays is overage if the card charges it, else uncovered. */
export function settleUsage(
  world: World,
  customer: Customer,
  key: string,
  parts: readonly Part[],
  lacking: bigint,
): Answer {
  const [overage, uncovered] = chargesOverage(customer) ? [lacking, 0n] : [0n, lacking]
  customer.overage += overage
  customer.uncovered += uncovered
  customer.events.set(key, { parts, overage, uncovered, periodStart: customer.plan.start, voided: false })
  const credits = parts.reduce((sum, { amount }) => sum + amount, 0n)
  const available = format(availableOf(world, customer))
  return { credits: format(credits), overage: format(overage), uncovered: format(uncovered), available }
}

/** Whether the usage would be allowed, and if not, why. */
export function access(
  world: World,
  customer: Customer,
  meter: Meter,
  quantity: bigint,
): { allowed: boolean; answer: Answer } {
  const cost = quantity * COSTS[meter]
  const covered = availableFor(world, customer, meter) >= cost
  const allowed = covered || chargesOverage(customer)
  const reason = covered ? 'COVERED' : allowed ? 'OVERAGE' : 'INSUFFICIENT_CREDITS'
  const answer = { allowed: String(allowed), reason, cost: format(cost) }
  return { allowed, answer }
}

/** A grant of the default wallet for all meters, but for what is said. */
export function newGrant(given: Pick<Grant, 'ref' | 'kind' | 'amount' | 'from'> & Partial<Grant>): Grant {
  const place = { walletPriority: 100, priority: 100, until: null, meters: [] }
  return { id: '', ...place, remaining: given.amount, held: 0n, frozen: null, owed: 0n, ended: false, ...given }
}

/** Gives back to a grant: its debt first, then to its dispute, and nothing to a grant that is over. */
export function returnTo(world: World, customer: Customer, { grant: ref, amount }: Part): void {
  const grant = customer.grants.find((one) => one.ref === ref) as Grant
  const settled = least(grant.owed, amount)
  grant.owed -= settled
  grant.amount -= settled
  const rest = amount - settled
  const over = grant.ended || (grant.until !== null && grant.until <= world.now)
  if (grant.frozen !== null) grant.frozen += rest
  else if (!over) grant.remaining += rest
}

/** The period's allowance becomes that of another card; what is spent or held stays so. */
export function shrinkOrGrow(customer: Customer, target: bigint): void {
  const grant = customer.grants.find(({ kind, from }) => kind === 'ALLOWANCE' && from === customer.plan.start) as Grant
  const gone = grant.amount - grant.remaining
  grant.amount = target > gone ? target : gone
  grant.remaining = grant.amount - gone
}
