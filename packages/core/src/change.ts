/**
 * What it means to start a card or to change from one to another: money due and credits granted, as data.
 * A preview is this decision without the write. Source: product.md, "Changing the card".
 */
import { allowancesOf, fixedCharge, type Quantities, quantityOf, type RateCard } from './card.ts'
import { type Credits, type Quantity, scaled, subtract, ZERO } from './decimal.ts'
import { type Money, negateMoney, sumMoney } from './money.ts'

export interface PlanLine {
  readonly description: string
  readonly rateCode: string | null
  readonly quantity: Quantity
  readonly amount: Money
  readonly proration: boolean
}

/** Money and credits that a start or a change moves now. Credits may be negative: allowance that is taken back. */
export interface ChangePlan {
  readonly due: Money
  readonly lines: readonly PlanLine[]
  readonly allowances: ReadonlyMap<string, Credits>
}

/** The first period: fixed rates in advance, allowances in full. */
export function planStart(card: RateCard, quantities: Quantities): ChangePlan {
  const lines = chargeLines(card, quantities)
  return { due: total(lines, card.currency), lines, allowances: allowancesOf(card) }
}

/**
 * RATE_DIFFERENCE: the full difference of the fixed rates now, the full difference of the allowances now; what was
 * used stays used, the period stays.
 */
export function planRateDifference(
  from: { card: RateCard; quantities: Quantities },
  to: { card: RateCard; quantities: Quantities },
): ChangePlan {
  const charged = chargeLines(to.card, to.quantities)
  const credited = chargeLines(from.card, from.quantities).map(asCredit)
  const lines = [...charged, ...credited]
  return {
    due: total(lines, to.card.currency),
    lines,
    allowances: difference(allowancesOf(from.card), allowancesOf(to.card)),
  }
}

function chargeLines(card: RateCard, quantities: Quantities): PlanLine[] {
  return card.fixedRates
    .map((rate) => ({
      description: rate.name === card.name ? card.name : `${card.name}: ${rate.name}`,
      rateCode: rate.code,
      quantity: scaled<'quantity'>(BigInt(quantityOf(rate, quantities))),
      amount: fixedCharge(card, rate, quantities),
      proration: false,
    }))
    .filter(({ amount }) => amount.minor !== 0n)
}

function asCredit(line: PlanLine): PlanLine {
  return { ...line, description: `${line.description} (credited)`, amount: negateMoney(line.amount) }
}

function total(lines: readonly PlanLine[], currency: string): Money {
  return sumMoney(
    lines.map(({ amount }) => amount),
    currency,
  )
}

function difference(
  before: ReadonlyMap<string, Credits>,
  after: ReadonlyMap<string, Credits>,
): ReadonlyMap<string, Credits> {
  const types = new Set([...before.keys(), ...after.keys()])
  const change = [...types].map((type): [string, Credits] => [
    type,
    subtract(after.get(type) ?? (ZERO as Credits), before.get(type) ?? (ZERO as Credits)),
  ])
  return new Map(change.filter(([, amount]) => amount !== 0n))
}
