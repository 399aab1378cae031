import { format, least, parse } from './decimal.ts'
import { access, inDrawdownOrder, returnTo, settleUsage, take } from './oracle-grants.ts'
import { type Answer, type Call, COSTS, type Customer, type Grant, type Hold, type Part, type World } from './world.ts'

/** Sets credits aside, or refuses: the whole quantity or nothing. */
export function createHold(world: World, customer: Customer, call: Extract<Call, { op: 'hold' }>, _id: string): Answer {
  const quantity = parse(call.quantity)
  const { allowed, answer } = access(world, customer, call.meter, quantity)
  if (!allowed) return answer
  const hold: Hold = {
    ref: call.key,
    meter: call.meter,
    ttl: call.ttl * 1000,
    quantity: 0n,
    parts: [],
    expiresAt: 0,
    status: 'OPEN',
    captured: null,
  }
  customer.holds.push(hold)
  reserve(world, customer, hold, quantity)
  return { ...answer, ...describe(hold) }
}

/** Refused: the hold stays as it was. */
export function extendHold(world: World, customer: Customer, ref: string, quantity: bigint): Answer {
  const hold = find(customer, ref)
  if (hold.status !== 'OPEN') return { fault: 'CONFLICT' }
  const { allowed, answer } = access(world, customer, hold.meter, quantity)
  if (!allowed) return { ...answer, ...describe(hold) }
  reserve(world, customer, hold, quantity)
  return { ...answer, ...describe(hold) }
}

function reserve(world: World, customer: Customer, hold: Hold, quantity: bigint): void {
  const { parts } = take(world, customer, hold.meter, quantity * COSTS[hold.meter])
  for (const { grant, amount } of parts) grantOf(customer, grant).held += amount
  hold.parts.push(...parts)
  hold.quantity += quantity
  hold.expiresAt = world.now + hold.ttl
}

/**
 * Less than was held: settled on the held grants in drawdown order, the rest goes back to where it came from. More: drawn,
 * then a shortfall like any usage that has happened. Once: the same again gives the first answer.
 */
export function captureHold(world: World, customer: Customer, ref: string, quantity: bigint): Answer {
  const hold = find(customer, ref)
  if (hold.captured) return hold.captured.quantity === quantity ? hold.captured.answer : { fault: 'CONFLICT' }
  if (hold.status !== 'OPEN') return { fault: 'CONFLICT' }
  let cost = quantity * COSTS[hold.meter]
  const used: Part[] = []
  for (const { ref: grant } of inDrawdownOrder(customer.grants)) {
    for (const part of hold.parts.filter((one) => one.grant === grant)) {
      grantOf(customer, grant).held -= part.amount
      const settled = least(part.amount, cost)
      cost -= settled
      if (settled > 0n) used.push({ grant, amount: settled })
      if (settled < part.amount) returnTo(world, customer, { grant, amount: part.amount - settled })
    }
  }
  const more = take(world, customer, hold.meter, cost)
  const answer = settleUsage(world, customer, hold.ref, [...used, ...more.parts], more.lacking)
  hold.status = 'CAPTURED'
  hold.captured = { quantity, answer }
  return answer
}

export function releaseHold(world: World, customer: Customer, ref: string): Answer {
  const hold = find(customer, ref)
  if (hold.status === 'OPEN') letGo(world, customer, hold, 'RELEASED')
  return hold.status === 'CAPTURED' ? { fault: 'CONFLICT' } : { status: hold.status }
}

export function letGo(world: World, customer: Customer, hold: Hold, status: 'RELEASED' | 'EXPIRED'): void {
  for (const part of hold.parts) {
    grantOf(customer, part.grant).held -= part.amount
    returnTo(world, customer, part)
  }
  hold.status = status
}

function describe({ status, quantity, parts, expiresAt }: Hold): Answer {
  const credits = format(parts.reduce((sum, { amount }) => sum + amount, 0n))
  return { hold: status, quantity: format(quantity), credits, expiresAt: new Date(expiresAt).toISOString() }
}

function find(customer: Customer, ref: string): Hold {
  return customer.holds.find((hold) => hold.ref === ref) as Hold
}

function grantOf(customer: Customer, ref: string): Grant {
  return customer.grants.find((grant) => grant.ref === ref) as Grant
}
