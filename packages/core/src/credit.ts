/** Account credit: money that an invoice owed to the customer, which the next invoices use first. */
import { chargeStep, leastCharge } from './currency.ts'
import { addMoney, type Money, negateMoney, notNegative, smallerMoney, subtractMoney } from './money.ts'

export interface CreditApplied {
  /** What is left to collect; never below zero. */
  readonly toPay: Money
  /** Credit that the invoice used. */
  readonly used: Money
  /** The customer's credit after the invoice: what was not used, and what a negative invoice adds. */
  readonly credit: Money
}

/**
 * Settles what is due from the customer's account credit. Of what it can't settle it leaves what can be charged: a
 * part of the credit stays for the next invoice then.
 *
 * @throws if the currencies differ, or the credit is negative.
 */
export function applyCredit(due: Money, credit: Money): CreditApplied {
  if (credit.minor < 0n) throw new Error('account credit is not negative')
  const toSettle = notNegative(due)
  const used = leaveEnough(toSettle, smallerMoney(toSettle, credit))
  const added = notNegative(negateMoney(due))
  return { toPay: subtractMoney(toSettle, used), used, credit: addMoney(subtractMoney(credit, used), added) }
}

function leaveEnough(due: Money, most: Money): Money {
  const { currency } = due
  if (most.minor === due.minor) return most
  const least = { minor: leastCharge(currency), currency }
  // What is left is charged in whole steps, as all that is due is.
  const used = { minor: most.minor - (most.minor % chargeStep(currency)), currency }
  const left = subtractMoney(due, used).minor
  return left >= least.minor ? used : notNegative(subtractMoney(due, least))
}
