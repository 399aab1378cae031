/** What a plan puts on an invoice: fixed rates in advance, credits for earlier ones, overage in arrears. */
import type { Span } from './calendar.ts'
import { fixedCharge, overageCharge, type Quantities, quantityOf, type RateCard } from './card.ts'
import { type Credits, ONE, type Quantity, scaled, ZERO } from './decimal.ts'
import { type Money, negateMoney, roundToMinor, smallerMoney, splitMoney, sumMoney } from './money.ts'
import { type Share, shareOfMoney, WHOLE } from './proration.ts'

export interface PlanLine {
  readonly description: string
  readonly rateCode: string | null
  readonly quantity: Quantity
  readonly amount: Money
  /** Whether the amount is for a part of a period. */
  readonly proration: boolean
  /** What the line is for; left out: the period of its invoice. */
  readonly period?: Span
}

/** A card as a subscription has it. */
export interface CardTerms {
  readonly card: RateCard
  readonly quantities: Quantities
}

/** The part of a period that lines are for. */
export interface LinePart {
  readonly period?: Span
  readonly share?: Share
}

/** One line for each fixed rate that costs something, each rounded once; lines of a part of the period are prorations. */
export function chargeLines({ card, quantities }: CardTerms, { period, share }: LinePart = {}): PlanLine[] {
  return card.fixedRates
    .map((rate) => ({
      description: rate.name === card.name ? card.name : `${card.name}: ${rate.name}`,
      rateCode: rate.code,
      quantity: scaled<'quantity'>(BigInt(quantityOf(rate, quantities))),
      amount: shareOfMoney(fixedCharge(card, rate, quantities), share ?? WHOLE),
      proration: share !== undefined,
      ...(period && { period }),
    }))
    .filter(({ amount }) => amount.minor !== 0n)
}

/**
 * Lines that give back a known sum for lines that were charged: split over them by largest remainder, or as one line of
 * the card where nothing was. `total` is not negative.
 */
export function creditLines(card: RateCard, charged: readonly PlanLine[], total: Money, part: LinePart): PlanLine[] {
  if (total.minor === 0n) return []
  const lines = charged.length > 0 ? charged : [lineOf(card, total, part)]
  const shares = splitMoney(
    total,
    lines.map(({ amount }) => amount.minor),
  )
  return lines
    .map((line, index) => ({
      ...line,
      description: `${line.description} (credited)`,
      amount: negateMoney(shares[index] as Money),
    }))
    .filter(({ amount }) => amount.minor !== 0n)
}

function lineOf(card: RateCard, amount: Money, { period, share }: LinePart): PlanLine {
  const proration = share !== undefined
  return { description: card.name, rateCode: null, quantity: ONE, amount, proration, ...(period && { period }) }
}

/** Overage credits of one rate in one period. */
export interface Overage {
  readonly rateCode: string
  readonly credits: Credits
  /** What of them an earlier invoice had already; left out: none, for usage that came in time. */
  readonly invoiced?: Credits
}

/** One line for each rate with overage to pay, in the card's order; each is priced as a whole and rounded once. */
export function overageLines(card: RateCard, overages: readonly Overage[], period: Span): PlanLine[] {
  return card.usageRates.flatMap((rate) =>
    overages
      .filter(({ rateCode }) => rateCode === rate.code)
      .map(({ credits, invoiced = ZERO as Credits }) => ({
        description: `${rate.name}: ${overageWord(credits, invoiced)}`,
        rateCode: rate.code,
        quantity: (credits - invoiced) as Quantity,
        amount: smallerMoney(roundToMinor(overageCharge(rate, credits, invoiced), card.currency), most(card.currency)),
        proration: false,
        period,
      }))
      .filter(({ amount }) => amount.minor !== 0n),
  )
}

/** Overage to be invoiced of one period, at the price of the card that was in force at its end. */
export interface Arrears {
  readonly card: RateCard
  readonly period: Span
  readonly overage: readonly Overage[]
}

/** The lines of arrears, period by period in the order given. */
export function arrearsLines(arrears: readonly Arrears[]): PlanLine[] {
  return arrears.flatMap(({ card, overage, period }) => overageLines(card, overage, period))
}

/** The most that a line can say, 10^15 minor units: a renewal must not fail on usage that nobody could pay. */
function most(currency: string): Money {
  return { minor: 10n ** 15n, currency }
}

/** Usage may come after its invoice, or be taken back after it. */
function overageWord(credits: Credits, invoiced: Credits): string {
  if (credits < invoiced) return 'overage corrected'
  return invoiced > 0n ? 'late overage' : 'overage'
}

/** What lines come to: the sum, never rounded again. */
export function totalOf(lines: readonly PlanLine[], currency: string): Money {
  return sumMoney(
    lines.map(({ amount }) => amount),
    currency,
  )
}
