import { format, parse } from './decimal.ts'
import { access, newGrant, returnTo, settleUsage, shrinkOrGrow, take } from './oracle-grants.ts'
import { captureHold, createHold, extendHold, releaseHold } from './oracle-holds.ts'
import { buy, refund, verdict } from './oracle-payments.ts'
import {
  type Answer,
  CARDS,
  type Call,
  COSTS,
  type Customer,
  type Grant,
  type Meter,
  WALLETS,
  type World,
} from './world.ts'

// What the contract says happens, in memory and with a clock that is a number. No import of the product, on purpose.

/** Does a call and answers what the product should. `id` is the id that the product gave to what the call makes. */
export function apply(world: World, call: Call, id = ''): Answer {
  const customer = world.customers[call.who] as Customer
  // Settled once by what they name: these take no key.
  if (call.op === 'capture') return captureHold(world, customer, call.hold, parse(call.quantity))
  if (call.op === 'release') return releaseHold(world, customer, call.hold)
  if (call.op === 'verdict') return verdict(customer, call.payment, call.won)
  const { who: _, key, ...input } = call
  const name = `${call.op} ${call.op === 'undo' ? call.event : key}`
  const text = JSON.stringify(input)
  const known = customer.keys.get(name)
  if (known && known.input !== text) return { fault: 'IDEMPOTENCY_CONFLICT' }
  if (known) return call.op === 'record' ? { ...known.answer, status: repeated(customer, key) } : known.answer
  const answer = decide(world, customer, call, id)
  // A fault wrote nothing, so its key is free; a refusal is an answer and stays.
  if (answer.fault === undefined) customer.keys.set(name, { input: text, answer })
  return answer
}

const repeated = ({ events }: Customer, key: string) => (events.get(key)?.voided ? 'VOIDED' : 'DUPLICATE')

/** Calls that take a key, and have one effect for it. */
type Keyed = Exclude<Call, { op: 'capture' | 'release' | 'verdict' }>

function decide(world: World, customer: Customer, call: Keyed, id: string): Answer {
  switch (call.op) {
    case 'grant':
      return grantCredits(world, customer, call, id)
    case 'consume':
      return consume(world, customer, call.meter, parse(call.quantity), call.key)
    case 'record':
      return { status: 'RECORDED', ...spend(world, customer, call.meter, parse(call.quantity), call.key) }
    case 'undo':
      return undo(world, customer, call.event)
    case 'void':
      return voidGrant(world, customer, call.grant)
    case 'hold':
      return createHold(world, customer, call, id)
    case 'extend':
      return extendHold(world, customer, call.hold, parse(call.quantity))
    case 'buy':
      return buy(world, customer, call)
    case 'refund':
      return refund(customer, call.payment, call.amount)
    case 'change':
      return change(customer, call.card, call.behavior)
  }
}

function spend(world: World, customer: Customer, meter: Meter, quantity: bigint, key: string): Answer {
  const { parts, lacking } = take(world, customer, meter, quantity * COSTS[meter])
  return settleUsage(world, customer, key, parts, lacking)
}

function consume(world: World, customer: Customer, meter: Meter, quantity: bigint, key: string): Answer {
  const { allowed, answer } = access(world, customer, meter, quantity)
  return allowed ? { ...answer, ...spend(world, customer, meter, quantity, key) } : answer
}

function grantCredits(world: World, customer: Customer, call: Extract<Call, { op: 'grant' }>, id: string): Answer {
  const amount = parse(call.amount)
  const { key: ref, kind, priority, until, meters } = call
  const place = { walletPriority: WALLETS[call.wallet], priority, from: call.from ?? world.now, until, meters }
  customer.grants.push(newGrant({ ref, id, kind, amount, ...place }))
  return { amount: format(amount), remaining: format(amount) }
}

function undo(world: World, customer: Customer, event: string): Answer {
  const recorded = customer.events.get(event)
  if (!recorded) return { fault: 'NOT_FOUND' }
  recorded.voided = true
  for (const part of recorded.parts) returnTo(world, customer, part)
  if (recorded.periodStart === customer.plan.start) {
    customer.overage -= recorded.overage
    customer.uncovered -= recorded.uncovered
  }
  return { status: 'VOIDED' }
}

/** Takes what remains; what is held stays with its hold. */
function voidGrant(world: World, customer: Customer, ref: string): Answer {
  const grant = customer.grants.find((one) => one.ref === ref) as Grant
  const over = grant.ended || (grant.until !== null && grant.until <= world.now)
  if (over || grant.remaining === 0n) return { fault: 'CONFLICT' }
  grant.remaining = 0n
  grant.ended = true
  return { remaining: '0' }
}

/** Cards that cost nothing: the allowance is all that changes, and the period stays. */
function change(customer: Customer, card: keyof typeof CARDS, behavior: string): Answer {
  if (behavior === 'AT_PERIOD_END') customer.plan.pending = card
  else {
    shrinkOrGrow(customer, parse(CARDS[card].allowance))
    customer.plan.card = card
  }
  return { outcome: 'SubscriptionSuccess' }
}
