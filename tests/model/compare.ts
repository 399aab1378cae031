import { format, parse } from './decimal.ts'
import type { GrantRead, StateRead } from './documents.ts'
import type { Told } from './driver.ts'
import { apply } from './oracle.ts'
import { showGrant, type View, view } from './oracle-time.ts'
import type { Answer, Call, Customer, World } from './world.ts'

/** What the product shows of a customer, in the oracle's words. */
export function viewOf({ subscriptions, balances, holds }: StateRead): View {
  const [plan] = subscriptions
  const [balance] = balances
  return {
    available: balance?.available ?? '0',
    held: balance?.held ?? '0',
    frozen: balance?.frozen ?? '0',
    debt: balance?.debt ?? '0',
    overage: balance?.overage ?? '0',
    uncovered: balance?.uncovered ?? '0',
    overageAllowed: String(balance?.overageAllowed),
    card: String(plan?.rateCard.code),
    pending: plan?.pendingRateCard?.code ?? null,
    period: `${plan?.currentPeriodStart} ${plan?.currentPeriodEnd}`,
    grants: (balance?.grants ?? []).filter(({ remaining }) => remaining !== '0').map(showRead),
    holds: holds.map(({ quantity, credits, expiresAt }) => `${quantity} for ${credits} until ${expiresAt}`).sort(),
  }
}

function showRead({ kind, remaining, amount, held, effectiveAt, expiresAt }: GrantRead): string {
  return `${kind} ${remaining} of ${amount}, held ${held}, ${effectiveAt} to ${expiresAt ?? '…'}`
}

/** Where the two differ, one line each. */
export function differences(world: World, reads: readonly StateRead[]): string[] {
  return [...world.customers.keys()].flatMap((who) => differencesOf(world, reads, who))
}

export function differencesOf(world: World, reads: readonly StateRead[], who: number): string[] {
  const expected = view(world, world.customers[who] as Customer)
  const got = viewOf(reads[who] as StateRead)
  return (Object.keys(expected) as (keyof View)[])
    .filter((field) => JSON.stringify(expected[field]) !== JSON.stringify(got[field]))
    .map((field) => `customer ${who}, ${field}: expected ${show(expected[field])}, got ${show(got[field])}`)
}

const show = (value: View[keyof View]) =>
  Array.isArray(value) ? `\n    ${value.join('\n    ') || 'none'}\n   ` : String(value)

/** What holds whatever happened: nothing negative, and the balance is the sum of what can be spent. */
export function breaches(reads: readonly StateRead[], at: number): string[] {
  return reads.flatMap(({ balances }, who) =>
    balances.flatMap(({ available, held, grants, overage, uncovered }) => {
      const live = grants.filter(({ effectiveAt }) => Date.parse(effectiveAt) <= at)
      const sum = format(live.reduce((total, { remaining }) => total + parse(remaining), 0n))
      const amounts = [available, held, overage, uncovered, ...grants.flatMap((one) => [one.remaining, one.held])]
      return [
        ...(sum === available ? [] : [`customer ${who}: available ${available} is not the sum of its grants, ${sum}`]),
        ...(amounts.some((amount) => amount.startsWith('-')) ? [`customer ${who}: something is negative`] : []),
      ]
    }),
  )
}

/** Learns the product's ids of grants that the product made by itself. */
export function learnIds(world: World, reads: readonly StateRead[]): void {
  for (const [who, customer] of world.customers.entries()) {
    const shown = (reads[who] as StateRead).balances.flatMap(({ grants }) => grants)
    const known = new Set(customer.grants.map(({ id }) => id))
    const unknown = shown.filter(({ id }) => !known.has(id))
    for (const grant of customer.grants.filter(({ id, ref }) => id === '' && ref !== '')) {
      const index = unknown.findIndex((read) => showRead(read) === showGrant(grant))
      if (index >= 0) grant.id = (unknown.splice(index, 1)[0] as GrantRead).id
    }
  }
}

export const same = (a: Answer, b: Answer) => canonical(a) === canonical(b)
const canonical = (answer: Answer) => JSON.stringify(Object.entries(answer).sort(([a], [b]) => (a < b ? -1 : 1)))

const FARTHEST = 50_000
const MOST = 24

/**
 * Looks for the orders in which calls that ran at once would have given these answers and led to a state that `fits`, and
 * answers what each came to: which hold has what of which grant, say, is not to be seen until one of them is settled.
 * The customers have nothing in common, so each has orders of its own.
 */
export function linearize(
  worlds: readonly World[],
  calls: readonly Call[],
  answers: readonly Told[],
  fits: (world: World, who: number) => boolean,
): World[] {
  let states = [...worlds]
  for (const who of [0, 1]) {
    const theirs = calls.flatMap((call, index) => (call.who === who ? [[call, answers[index] as Told] as const] : []))
    states = states.flatMap((state) => linearizeOne(state, theirs, (after) => fits(after, who))).slice(0, MOST)
  }
  return states
}

/** Calls are tried by the versions that their answers tell. */
function linearizeOne(
  world: World,
  told: readonly (readonly [Call, Told])[],
  fits: (world: World) => boolean,
): World[] {
  let tries = 0
  const found: World[] = []
  const seen = new Set<string>()
  const search = (state: World, left: readonly number[]): void => {
    // Calls that commute lead here in many ways.
    const print = footprint(state)
    const place = `${left} ${print}`
    if (seen.has(place)) return
    seen.add(place)
    if (left.length === 0 && fits(state)) found.push(state)
    for (const index of left) {
      if (++tries > FARTHEST || found.length >= MOST) return
      const [call, { answer, id }] = told[index] as (typeof told)[number]
      const next = copyOf(state)
      if (!same(apply(next, call, id), answer)) continue
      const rest = left.filter((other) => other !== index)
      search(next, rest)
      // What changed nothing may as well have come first: its other places lead to the same.
      if (footprint(next) === print) return
    }
  }
  search(
    world,
    told.map((_, index) => index).sort((a, b) => versionOf(told, a) - versionOf(told, b)),
  )
  return found
}

function versionOf(told: readonly (readonly [Call, Told])[], index: number): number {
  return told[index]?.[1].version ?? 0
}

/** A world that can be changed without changing this one. */
function copyOf({ customers: [first, second], ...rest }: World): World {
  const copy = ({ grants, holds, keys, events, payments, plan, ...counts }: Customer): Customer => ({
    ...counts,
    grants: grants.map((grant) => ({ ...grant })),
    holds: holds.map((hold) => ({ ...hold, parts: [...hold.parts] })),
    keys: new Map(keys),
    events: new Map([...events].map(([key, event]) => [key, { ...event }])),
    payments: payments.map((payment) => ({ ...payment })),
    plan: { ...plan },
  })
  return { ...rest, customers: [copy(first), copy(second)] }
}

/** Everything but the stored keys, which follow from the calls. */
function footprint({ customers }: World): string {
  return JSON.stringify(
    customers.map(({ keys: _, events, ...rest }) => [rest, [...events]]),
    (_, value) => (typeof value === 'bigint' ? String(value) : value),
  )
}
