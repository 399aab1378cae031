/**
 * Contracts: a customer commits to credits or to money over a term. How a commitment stands at a moment, and what is
 * invoiced at its end. Source: product.md, "Credits beyond the plan".
 */
import type { Span } from './calendar.ts'
import { add, type Credits, multiply, ONE, type Quantity, type Rate, subtract } from './decimal.ts'
import { type ExactMoney, type Money, notNegative, roundToMinor, splitMoney, subtractMoney } from './money.ts'
import type { PlanLine } from './plan-lines.ts'

/** Credits at a price each, granted for the term: all of them are paid for at its end, drawn or not. */
export interface CommittedCredits {
  readonly kind: 'CREDITS'
  readonly name: string
  readonly committed: Credits
  readonly drawn: Credits
  /** Taken back by an operator: neither drawn nor owed. */
  readonly takenBack: Credits
  readonly unitPrice: Rate
  readonly currency: string
}

/** The least that is invoiced in the term, in its currency: what is missing is paid at its end. */
export interface CommittedMoney {
  readonly kind: 'MONEY'
  readonly name: string
  readonly committed: Money
  /** Invoiced in the term, less what was credited: below zero where more was given back. */
  readonly invoiced: Money
}

export type Commitment = CommittedCredits | CommittedMoney

/** Credits as exact amounts, or money in minor units, as the commitment is. */
export interface CommitmentProgress {
  readonly drawn: bigint
  /** What would be invoiced as a shortfall if the commitment ended now. Never negative. */
  readonly left: bigint
  /** What would have been drawn by now if it were drawn evenly: more than `drawn` is behind. */
  readonly pace: bigint
}

/** How a commitment stands at an instant of its term. */
export function progressOf(commitment: Commitment, { start, end }: Span, at: number): CommitmentProgress {
  const { owed, drawn } = sizesOf(commitment)
  const [elapsed, whole] = [BigInt(Math.min(Math.max(at, start), end) - start), BigInt(end - start)]
  // A term that was ended in its first instant has no length.
  return { drawn, left: owed > drawn ? owed - drawn : 0n, pace: whole === 0n ? owed : (owed * elapsed) / whole }
}

/**
 * The lines that settle a commitment, those of nothing left out. CREDITS: what was drawn and what was not, which together
 * are what was committed (and not taken back) at its price, rounded once as a whole and shared by largest remainder. MONEY:
 * what is missing to the minimum.
 */
export function settleCommitment(commitment: Commitment): PlanLine[] {
  const lines = commitment.kind === 'CREDITS' ? creditLines(commitment) : moneyLines(commitment)
  return lines.filter(({ amount }) => amount.minor !== 0n)
}

function creditLines(commitment: CommittedCredits): PlanLine[] {
  const { name, drawn, unitPrice, currency } = commitment
  const missing = subtract(creditsOwed(commitment), drawn)
  const whole = add(drawn, missing)
  if (whole === 0n) return []
  const total = roundToMinor(multiply<'money'>(whole, unitPrice) as ExactMoney, currency)
  const [forDrawn, forMissing] = splitMoney(total, [drawn, missing]) as [Money, Money]
  return [
    lineOf(`${name}: credits drawn`, drawn, forDrawn),
    lineOf(`${name}: credits committed and not drawn`, missing, forMissing),
  ]
}

function moneyLines({ name, committed, invoiced }: CommittedMoney): PlanLine[] {
  const missing = notNegative(subtractMoney(committed, notNegative(invoiced)))
  return [lineOf(`${name}: shortfall of the minimum spend`, ONE, missing)]
}

function lineOf(description: string, quantity: Quantity | Credits, amount: Money): PlanLine {
  return { description, rateCode: null, quantity: quantity as bigint as Quantity, amount, proration: false }
}

/** What is to be paid for in the end, and what of it was drawn. */
function sizesOf(commitment: Commitment): { owed: bigint; drawn: bigint } {
  if (commitment.kind === 'CREDITS') return { owed: creditsOwed(commitment), drawn: commitment.drawn }
  return { owed: commitment.committed.minor, drawn: notNegative(commitment.invoiced).minor }
}

/** @throws if more was drawn or taken back than was committed: the grant has no more. */
function creditsOwed({ committed, drawn, takenBack }: CommittedCredits): Credits {
  const owed = subtract(committed, takenBack)
  if (drawn < 0n || takenBack < 0n || drawn > owed) throw new Error('a commitment is more than what became of it')
  return owed
}
