import { format, least, parse } from './decimal.ts'
import { availableOf, chargesOverage, inDrawdownOrder, isLive, newGrant } from './oracle-grants.ts'
import { letGo } from './oracle-holds.ts'
import { CARDS, type Card, type CardCode, type Customer, DAY, type Grant, START, type World } from './world.ts'

/** Two customers, each on a card, at the beginning of a trace. */
export function newWorld(cards: readonly [CardCode, CardCode]): World {
  const world: World = { now: START, made: 0, customers: [newCustomer(cards[0]), newCustomer(cards[1])] }
  for (const customer of world.customers) grantAllowance(world, customer)
  return world
}

function newCustomer(card: CardCode): Customer {
  const plan = { card, pending: null, anchor: START, index: 0, start: START, end: boundary(card, START, 1) }
  return { grants: [], holds: [], keys: new Map(), events: new Map(), payments: [], plan, overage: 0n, uncovered: 0n }
}

/** The n-th boundary after the anchor, from the anchor: 31 January, 28 February, 31 March. */
function boundary(card: CardCode, anchor: number, n: number): number {
  if (CARDS[card].interval === 'DAY') return anchor + n * DAY
  const from = new Date(anchor)
  const lastDay = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + n + 1, 0)).getUTCDate()
  const day = Math.min(from.getUTCDate(), lastDay)
  return Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + n, day) + (anchor % DAY)
}

/** Moves the clock, and does in order what falls due on the way. */
export function advance(world: World, to: number): void {
  for (const customer of world.customers) {
    for (;;) {
      const hold = customer.holds.filter(({ status }) => status === 'OPEN').sort((a, b) => a.expiresAt - b.expiresAt)[0]
      const next = Math.min(hold?.expiresAt ?? Infinity, customer.plan.end)
      if (next > to) break
      world.now = next
      if (hold?.expiresAt === next) letGo(world, customer, hold, 'EXPIRED')
      else renew(world, customer)
    }
  }
  world.now = to
}

/** The next instants at which something happens to somebody by itself. */
export function dueTimes(world: World): number[] {
  const times = world.customers.flatMap(({ grants, holds, plan }) => [
    plan.end,
    ...grants.flatMap(({ from, until, remaining }) => (remaining > 0n ? [from, until ?? 0] : [])),
    ...holds.filter(({ status }) => status === 'OPEN').map(({ expiresAt }) => expiresAt),
  ])
  return [...new Set(times.filter((time) => time > world.now))].sort((a, b) => a - b)
}

function renew(world: World, customer: Customer): void {
  const { plan } = customer
  const { start, card } = plan
  const next = plan.pending ?? card
  if (CARDS[next].interval === CARDS[card].interval) plan.index += 1
  else Object.assign(plan, { anchor: plan.end, index: 0 })
  Object.assign(plan, { card: next, pending: null, start: plan.end, end: boundary(next, plan.anchor, plan.index + 1) })
  rollOver(world, customer, CARDS[card], start)
  customer.overage = 0n
  customer.uncovered = 0n
  grantAllowance(world, customer)
}

/** What is left of the allowance ends or rolls over, by the terms of the card that brought it, into periods to come. */
function rollOver(world: World, customer: Customer, card: Card, began: number): void {
  const { plan } = customer
  const end = plan.start
  const allowance = customer.grants.find(({ kind, from }) => kind === 'ALLOWANCE' && from === began) as Grant
  const left = allowance.ended ? 0n : allowance.remaining
  Object.assign(allowance, { remaining: 0n, ended: true })
  if (card.rollover === 'NONE') return
  const older = customer.grants.filter((grant) => grant.kind === 'ROLLOVER' && isLive(grant, end))
  const sum = older.reduce((total, { remaining }) => total + remaining, 0n)
  // Where there is more than the cap, those that would end first are lost first, then the older ones.
  let excess = card.cap === undefined ? 0n : sum + left - parse(card.cap)
  for (const grant of inDrawdownOrder(older)) {
    if (excess <= 0n) break
    const lost = least(excess, grant.remaining)
    grant.amount -= lost
    grant.remaining -= lost
    excess -= lost
  }
  const rolled = excess > 0n ? left - excess : left
  if (rolled === 0n) return
  const until = card.periods === undefined ? null : boundary(plan.card, plan.anchor, plan.index + card.periods)
  add(world, customer, 'ROLLOVER', rolled, end, until)
}

function grantAllowance(world: World, customer: Customer): void {
  const { card, start, end } = customer.plan
  add(world, customer, 'ALLOWANCE', parse(CARDS[card].allowance), start, end)
}

function add(world: World, customer: Customer, kind: string, amount: bigint, from: number, until: number | null): void {
  world.made += 1
  customer.grants.push(newGrant({ ref: `${kind} ${world.made}`, kind, amount, from, until }))
}

/** What `billingState` should show of a customer. */
export function view(world: World, customer: Customer) {
  const { plan } = customer
  const shown = customer.grants.filter((one) => one.remaining > 0n && (one.from > world.now || isLive(one, world.now)))
  return {
    available: format(availableOf(world, customer)),
    held: format(customer.grants.reduce((sum, { held }) => sum + held, 0n)),
    frozen: format(customer.grants.reduce((sum, { frozen }) => sum + (frozen ?? 0n), 0n)),
    debt: format(customer.grants.reduce((sum, { owed }) => sum + owed, 0n)),
    overage: format(customer.overage),
    uncovered: format(customer.uncovered),
    overageAllowed: String(chargesOverage(customer)),
    card: plan.card as string,
    pending: plan.pending as string | null,
    period: `${new Date(plan.start).toISOString()} ${new Date(plan.end).toISOString()}`,
    grants: inDrawdownOrder(shown).map(showGrant),
    holds: customer.holds
      .filter(({ status }) => status === 'OPEN')
      .map(({ quantity, parts, expiresAt }) => {
        const credits = format(parts.reduce((sum, { amount }) => sum + amount, 0n))
        return `${format(quantity)} for ${credits} until ${new Date(expiresAt).toISOString()}`
      })
      .sort(),
  }
}
export type View = ReturnType<typeof view>

export function showGrant({ kind, amount, remaining, held, from, until }: Grant): string {
  const end = until === null ? '…' : new Date(until).toISOString()
  return `${kind} ${format(remaining)} of ${format(amount)}, held ${format(held)}, ${new Date(from).toISOString()} to ${end}`
}
