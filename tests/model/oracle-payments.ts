import { least, parse } from './decimal.ts'
import { newGrant } from './oracle-grants.ts'
import { type Answer, type Call, type Customer, type Grant, PACK, type Payment, type World } from './world.ts'

/** A bundle is paid and granted in one step. It settles debts first, the oldest first; a dispute then freezes the rest. */
export function buy(world: World, customer: Customer, { key, packs, disputed }: Extract<Call, { op: 'buy' }>): Answer {
  const bought = parse(PACK.credits) * BigInt(packs)
  const paid = PACK.cents * BigInt(packs)
  const grant = newGrant({ ref: key, kind: 'PREPAID', amount: bought, from: world.now })
  for (const debtor of customer.grants.filter(({ owed }) => owed > 0n).sort((a, b) => a.from - b.from)) {
    const settled = least(debtor.owed, grant.remaining)
    debtor.owed -= settled
    grant.remaining -= settled
  }
  if (disputed) Object.assign(grant, { frozen: grant.remaining, remaining: 0n })
  customer.grants.push(grant)
  customer.payments.push({ ref: key, paid, bought, refunded: 0n, reversed: 0n, disputed })
  return { outcome: 'PurchaseSuccess' }
}

/** Unspent credits of that grant are revoked, in proportion to the money; the spent rest is a debt. */
export function refund(customer: Customer, ref: string, amount: string | null): Answer {
  const payment = customer.payments.find((one) => one.ref === ref) as Payment
  const cents = amount === null ? payment.paid - payment.refunded : parse(amount) / 10_000_000n
  revoke(customer, payment, cents)
  return { status: 'SUCCEEDED' }
}

function revoke(customer: Customer, payment: Payment, cents: bigint): void {
  const grant = customer.grants.find((one) => one.ref === payment.ref) as Grant
  payment.refunded += cents
  const due = (payment.bought * payment.refunded) / payment.paid - payment.reversed
  payment.reversed += due
  const taken = least(grant.remaining, due)
  grant.amount -= taken
  grant.remaining -= taken
  grant.owed += due - taken
}

/** Won: what was frozen can be spent. Lost: it is revoked, like a refund of all that is left. */
export function verdict(customer: Customer, ref: string, won: boolean): Answer {
  const payment = customer.payments.find((one) => one.ref === ref) as Payment
  const grant = customer.grants.find((one) => one.ref === ref) as Grant
  payment.disputed = false
  grant.remaining += grant.frozen ?? 0n
  grant.frozen = null
  if (!won) revoke(customer, payment, payment.paid - payment.refunded)
  return {}
}
