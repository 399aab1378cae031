import {
  add,
  amountOf,
  type Cause,
  type Credits,
  creditsToReverse,
  formatAmount,
  formatMoney,
  freeze,
  type Grant,
  type Money,
  negate,
  reinstate,
  revoke,
  subtract,
  unfreeze,
} from '@florin/core'
import type { Transaction } from '../../platform/database.ts'
import { publicId } from '../../platform/ids.ts'
import { announceEvent } from '../events/announce-event.ts'
import { readPaidGrant } from '../ledger/read-paid-grant.ts'
import type { AccountSession } from '../ledger/with-account.ts'
import type { PaidPayment } from './lock-payment.ts'

export interface Reversed {
  /** What has gone back in all. */
  readonly refunded: Money
  /** A dispute that is open, and one that has just been lost. */
  readonly openDispute: string | null
  readonly lostDispute: string | null
  readonly now: number
}

/**
 * Does to the credits of a payment what its refunds and disputes say: what is left is frozen or not, what went back is revoked,
 * and what of that was spent is owed. A payment that bought no grant has no credits: it moves money only.
 *
 * @returns what has been reversed of its credits by now, as text.
 */
export async function reverseCredits(
  tx: Transaction,
  session: AccountSession,
  payment: PaidPayment,
  { refunded, openDispute, lostDispute, now }: Reversed,
): Promise<string> {
  const bought = await readPaidGrant(tx, payment.id)
  if (!bought) return payment.reversedCredits
  const { id } = bought.grant
  const grant = (): Grant => session.account.grants.find((open) => open.id === id) ?? bought.grant
  const dispute = (disputeId: string): Cause => ({
    type: 'dispute',
    id: disputeId,
    detail: { paymentId: publicId('pay', payment.id) },
  })
  if (openDispute && grant().frozen === null) {
    session.apply(freeze(session.account, grant(), now, dispute(openDispute)))
  }
  const reversed = amountOf<'credits'>(payment.reversedCredits)
  const due = creditsToReverse({
    bought: bought.bought,
    gone: bought.gone,
    worth: payment.worth,
    refundedBefore: payment.refunded,
    refunded,
    reversed,
  })
  const cause = causeOf(payment, refunded, lostDispute)
  let after = reversed
  if (due > 0n) {
    const change = revoke(session.account, grant(), due, now, cause)
    session.apply(change)
    after = add(reversed, due)
    await announceDebt(tx, payment, grant(), change.owed, now)
  } else if (due < 0n) {
    const change = reinstate(session.account, grant(), negate(due), now, cause)
    session.apply(change)
    after = subtract(reversed, add(change.forgiven, change.returned))
  }
  if (!openDispute && grant().frozen !== null) {
    session.apply(unfreeze(session.account, grant(), now, dispute(lostDispute ?? (await lastDispute(tx, payment)))))
  }
  return formatAmount(after)
}

function causeOf(payment: PaidPayment, refunded: Money, lostDispute: string | null): Cause {
  const lost = lostDispute === null ? {} : { disputeId: publicId('dsp', lostDispute) }
  const { currency } = payment.paid
  const detail = { refunded: formatMoney(refunded), paid: formatMoney(payment.paid), currency, ...lost }
  return { type: 'payment', id: payment.id, detail }
}

async function lastDispute(tx: Transaction, { id }: PaidPayment): Promise<string> {
  const [row] = await tx.query<{ id: string }>(
    `select id from dispute where payment_id = $1 order by id desc limit 1`,
    [id],
  )
  if (!row) throw new Error(`payment ${id} is frozen and has no dispute`)
  return row.id
}

async function announceDebt(
  tx: Transaction,
  payment: PaidPayment,
  grant: Grant,
  owed: Credits,
  occurredAt: number,
): Promise<void> {
  if (owed === 0n) return
  const [type] = await tx.query<{ code: string }>(`select code from credit_type where pk = $1`, [grant.creditType])
  announceEvent(tx, {
    customerPk: payment.customerPk,
    type: 'debt.created',
    data: {
      creditType: type?.code,
      credits: formatAmount(owed),
      grantId: publicId('gr', grant.id),
      paymentId: publicId('pay', payment.id),
    },
    occurredAt,
  })
}
