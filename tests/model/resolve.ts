import { format, parse } from './decimal.ts'
import type { Change, Clock, Money, Simple, Step } from './operations.ts'
import { dueTimes } from './oracle-time.ts'
import { CARDS, type Call, type Customer, HOUR, type Hold, type Payment, type World } from './world.ts'

// Turns steps into calls: what a number names depends on what is there, so a shortened trace still makes sense.

/** The calls so far, newest last. */
export type History = Call[]

const RECENT = 12
const HALF = HOUR / 2

/** The call that a step makes, or null if there is nothing that it could be about. */
export function callOf(world: World, history: History, step: Simple | Money | Change): Call | null {
  const call = decide(world, history, step)
  if (call && !(step.do === 'replay')) history.push(call)
  return call
}

function decide(world: World, history: History, step: Simple | Money | Change): Call | null {
  const key = `k${history.length}`
  switch (step.do) {
    case 'consume':
    case 'record':
      return { op: step.do, who: step.who, key, meter: step.meter, quantity: step.quantity }
    case 'hold':
      return {
        op: 'hold',
        who: step.who,
        key,
        meter: step.meter,
        quantity: step.quantity,
        ttl: ttlOf(world, step.hours),
      }
    case 'grant':
      return grantOf(world, key, step)
    case 'undo':
      return about(world, step.pick, undoable, (who, event) => ({ op: 'undo', who, key, event }))
    case 'void':
      return about(world, step.pick, voidable, (who, grant) => ({ op: 'void', who, key, grant }))
    case 'release':
      return about(world, step.pick, holdsOf, (who, hold) => ({ op: 'release', who, key, hold }))
    case 'extend':
      return about(world, step.pick, extensible(world), (who, hold) => ({
        op: 'extend',
        who,
        key,
        hold,
        quantity: step.quantity,
      }))
    case 'capture':
      return about(world, step.pick, holdsOf, (who, hold) => {
        const { quantity } = (world.customers[who] as Customer).holds.find(({ ref }) => ref === hold) as Hold
        const part = (quantity * BigInt(step.percent)) / 100n
        return { op: 'capture', who, key, hold, quantity: format(part > 0n ? part : 1n) }
      })
    case 'buy':
      return { op: 'buy', who: step.who, key, packs: step.packs, disputed: step.disputed }
    case 'refund':
      return about(world, step.pick, refundable, (who, payment) => {
        const { paid, refunded } = paymentOf(world, who, payment)
        const part = ((paid - refunded) * BigInt(step.percent)) / 100n
        const amount = step.percent === 100 || part === 0n ? null : format(part * 10_000_000n)
        return { op: 'refund', who, key, payment, amount }
      })
    case 'verdict':
      return about(world, step.pick, disputed, (who, payment) => ({ op: 'verdict', who, key, payment, won: step.won }))
    case 'change':
      return changeOf(world, key, step)
    case 'replay': {
      const index = history.length - 1 - (step.pick % Math.min(RECENT, history.length))
      const call = history[index]
      // What was paid on a checkout page, or decided by a bank, is no call to be repeated.
      if (call?.op === 'buy' || call?.op === 'verdict') return null
      return call ? (step.other ? withAnotherBody(call) : call) : null
    }
  }
}

function grantOf(world: World, key: string, step: Extract<Simple, { do: 'grant' }>): Call {
  const { who, amount, kind, wallet, priority, meters } = step
  const from = step.from === null ? null : floor(world.now) + step.from * HOUR
  const until = step.until === null ? null : floor(Math.max(from ?? 0, world.now)) + (1 + step.until) * HOUR
  return { op: 'grant', who, key, amount, kind, wallet, priority, from, until, meters }
}

/** The period stays when the interval does; a change that waits is not changed again. */
function changeOf(world: World, key: string, { who, card, behavior }: Change): Call | null {
  const { plan } = world.customers[who]
  const stays = CARDS[card].interval === CARDS[plan.card].interval
  if (plan.card === card || plan.pending !== null || (behavior === 'RATE_DIFFERENCE' && !stays)) return null
  return { op: 'change', who, key, card, behavior }
}

function withAnotherBody(call: Call): Call {
  const more = (text: string) => format(parse(text) + parse('1'))
  if ('quantity' in call) return { ...call, quantity: more(call.quantity) }
  return 'amount' in call && call.amount !== null ? { ...call, amount: more(call.amount) } : call
}

/** One of what both customers have. */
function about(
  world: World,
  pick: number,
  list: (customer: Customer) => string[],
  make: (who: number, ref: string) => Call,
) {
  const all = world.customers.flatMap((customer, who) => list(customer).map((ref) => [who, ref] as const))
  const one = all[pick % all.length]
  return one ? make(...one) : null
}

const undoable = ({ events, holds }: Customer) =>
  [...events].filter(([key, { voided }]) => !voided && !holds.some(({ ref }) => ref === key)).map(([key]) => key)
/** Those that were granted by hand. */
const voidable = ({ grants, payments }: Customer) =>
  grants
    .filter(
      ({ kind, ref }) =>
        kind === 'PROMOTIONAL' || (kind === 'PREPAID' && !payments.some((payment) => payment.ref === ref)),
    )
    .map(({ ref }) => ref)
const refundable = ({ payments }: Customer) =>
  payments.filter(({ paid, refunded, disputed }) => refunded < paid && !disputed).map(({ ref }) => ref)
const disputed = ({ payments }: Customer) => payments.filter(({ disputed }) => disputed).map(({ ref }) => ref)
const paymentOf = (world: World, who: number, ref: string) =>
  (world.customers[who] as Customer).payments.find((payment) => payment.ref === ref) as Payment
/** Open ones, and the newest of the others. */
const holdsOf = ({ holds }: Customer) =>
  holds.filter(({ status }, index) => status === 'OPEN' || index >= holds.length - 2).map(({ ref }) => ref)
const extensible = (world: World) => (customer: Customer) =>
  holdsOf(customer).filter((ref) => {
    const hold = customer.holds.find((one) => one.ref === ref)
    return (world.now + (hold?.ttl ?? 0)) % HOUR !== 0
  })

const floor = (instant: number) => Math.floor(instant / HOUR) * HOUR

/** Seconds until a half past: holds never end in the same instant as grants and periods, which would have no order. */
function ttlOf({ now }: World, hours: number): number {
  return Math.floor((Math.ceil(now / HOUR) * HOUR + hours * HOUR + HALF - now) / 1000)
}

/** Where a step moves the clock to. */
export function targetOf(world: World, step: Clock | Extract<Step, { do: 'rollover' }>): number {
  if (step.do === 'rollover') return world.customers[step.who].plan.end
  if (typeof step.to === 'number') return floor(world.now) + step.to * HOUR
  const [due] = dueTimes(world)
  if (due === undefined) return world.now
  return step.to === 'before due' ? Math.max(world.now, due - 1) : due
}
