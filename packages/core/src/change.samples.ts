/** Customers who change cards within one period, for tests: random ones, and how to live on. Not part of the package's exports. */
import fc from 'fast-check'
import {
  type Account,
  addGrant,
  availableOf,
  draw,
  growGrant,
  nextVersion,
  openAccount,
  shrinkGrant,
} from './account.ts'
import { cardOf, fixedRate, flat } from './card.samples.ts'
import { type Allowance, allowancesOf, fixedTotal, type RateCard } from './card.ts'
import { type CardChange, type CardChangePlan, type ImmediateChange, planChange } from './change.ts'
import { add, amountOf, type Credits, formatAmount, negate, subtract, ZERO } from './decimal.ts'
import type { Grant } from './drawdown.ts'
import { CREDITS, grantOf, METER } from './grant.samples.ts'
import { addMoney, type Money } from './money.ts'
import type { CardTerms } from './plan-lines.ts'

export const PERIOD = { start: 0, end: 30 * 86_400_000 }
const cause = { type: 'subscription', id: 'story' } as const

/** A customer in one period: the card, what was paid, what the one allowance grant holds, what was spent of it. */
export interface Life {
  readonly card: RateCard
  readonly account: Account
  readonly paid: Money
  readonly spent: Credits
  readonly at: number
}

/** Change to a card after some time, then spend a part of what is there. Parts are in hundredths. */
export interface Round {
  readonly card: RateCard
  readonly behavior: ImmediateChange
  readonly time: number
  readonly spends: number
}

export const priceOf = (card: RateCard): bigint => fixedTotal(card, {}).minor
export const brings = (card: RateCard): Credits => allowancesOf(card, {}).get('credits') ?? ZERO

/** The one allowance grant of the period. */
export function allowanceIn({ account: { grants } }: Life): Grant {
  if (grants.length !== 1) throw new Error('a period has one allowance grant')
  return grants[0] as Grant
}

export function begin(card: RateCard, spends: number): Life {
  const allowance = grantOf('allowance', formatAmount(brings(card)), { kind: 'ALLOWANCE', expiresAt: PERIOD.end })
  const { account } = addGrant(openAccount(0, []), allowance, 0, cause)
  return spend({ card, account, paid: fixedTotal(card, {}), spent: ZERO, at: 0 }, spends)
}

export function spend(life: Life, hundredths: number): Life {
  const amount = ((availableOf(life.account, CREDITS) * BigInt(hundredths)) / 100n) as Credits
  const usage = { creditType: CREDITS, meter: METER, amount, at: life.at, cause }
  const { account, shortfall } = draw(nextVersion(life.account), usage)
  return { ...life, account, spent: add(life.spent, subtract(amount, shortfall)) }
}

/** What the round asks of `planChange`. */
export function changeOf(life: Life, { card, behavior, time }: Round): CardChange {
  const { amount: granted, remaining } = allowanceIn(life)
  return {
    from: { card: life.card, quantities: {} },
    to: { card, quantities: {} },
    behavior,
    period: PERIOD,
    at: life.at + Math.floor(((PERIOD.end - life.at) * time) / 100),
    timeZone: 'UTC',
    paid: life.paid,
    allowance: new Map([['credits', { granted, remaining }]]),
  }
}

/** Applies a plan as a server would: the one grant grows or shrinks, under the account's own guards. */
export function apply(life: Life, { to, at }: CardChange, { due, allowances }: CardChangePlan): Life {
  const moved = allowances.get('credits') ?? (ZERO as Credits)
  const { account } =
    moved < 0n
      ? shrinkGrant(life.account, 'allowance', negate(moved), at, cause)
      : growGrant(life.account, 'allowance', moved, at, cause)
  return { ...life, card: to.card, account, paid: addMoney(life.paid, due), at }
}

export function live(life: Life, round: Round): Life {
  const change = changeOf(life, round)
  return spend(apply(life, change, planChange(change)), round.spends)
}

/** An allowance that does not roll over, unless it says otherwise. */
export function allowanceOf(creditType: string, amount: string, differs: Partial<Allowance> = {}): Allowance {
  return {
    creditType,
    amount: amountOf(amount),
    rollover: 'NONE',
    rolloverCap: null,
    rolloverPeriods: null,
    ...differs,
  }
}

/** Hundredths of the time or the credits that are left; none and all of them often. */
export const anyPart = fc.oneof(fc.constantFrom(0, 100), fc.nat(100))
const time = fc.oneof(fc.constant(0), fc.nat(99))
const cents = fc.oneof(fc.constant(0), fc.nat(1_000), fc.nat(100_000))

/** A card of one or two rates and one allowance; nothing, dust and round prices are all there. */
export const anyCard = fc
  .tuple(fc.array(cents, { minLength: 1, maxLength: 2 }), fc.nat(2_000))
  .map(([prices, allowance]) =>
    cardOf('Any', {
      fixedRates: prices.map((minor, index) => fixedRate(`r${index}`, flat((minor / 100).toFixed(2)))),
      allowances: [allowanceOf('credits', String(allowance))],
    }),
  )

export const anyBehavior = fc.constantFrom<ImmediateChange[]>('RATE_DIFFERENCE', 'PRORATE')

/** A customer and up to twenty changes among two or three cards. */
export const anyStory: fc.Arbitrary<[Life, Round[]]> = fc
  .tuple(fc.array(anyCard, { minLength: 2, maxLength: 3 }), anyPart)
  .chain(([cards, spends]) => {
    const round = fc.record({ card: fc.constantFrom(...cards), behavior: anyBehavior, time, spends: anyPart })
    return fc.tuple(fc.constant(begin(cards[0] as RateCard, spends)), fc.array(round, { maxLength: 20 }))
  })

/** The whole difference of two cards, at the start of a period of which nothing is spent. */
export function changeAtStart(from: CardTerms, to: CardTerms): CardChangePlan {
  const unspent = [...allowancesOf(from.card, from.quantities)]
  return planChange({
    from,
    to,
    behavior: 'RATE_DIFFERENCE',
    period: { start: 0, end: 30 * 86_400_000 },
    at: 0,
    timeZone: 'UTC',
    paid: fixedTotal(from.card, from.quantities),
    allowance: new Map(unspent.map(([type, granted]) => [type, { granted, remaining: granted }])),
  })
}
