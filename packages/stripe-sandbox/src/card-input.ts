import { cardError, missingParam } from './api-error.ts'
import { cardByNumber, cardByToken, type TestCard } from './cards.ts'
import { DECLINES } from './declines.ts'
import { integer, object, type Params, text } from './params.ts'

/** What a customer types, or an integrator sends, as a card. */
export interface CardEntry {
  readonly card: TestCard
  readonly expMonth: number
  readonly expYear: number
}

const fields = {
  number: text(30),
  exp_month: integer(),
  exp_year: integer(),
  cvc: text(10),
  token: text(100),
}

export const cardInput = object(fields)

type CardFields = Params<typeof fields>

/**
 * Checks a card as Stripe does before it asks the bank.
 *
 * @param now Unix seconds: a card is valid through the end of its month.
 * @throws 402 with the code of the wrong field.
 */
export function cardOf(input: CardFields, now: number): CardEntry {
  if (input.token !== undefined) return { card: cardOfToken(input.token), ...expiryAfter(now) }
  for (const field of ['number', 'exp_month', 'exp_year'] as const) {
    if (input[field] === undefined) throw missingParam(`card[${field}]`)
  }
  const card = cardOfNumber(input.number as string)
  const expMonth = input.exp_month as number
  const expYear = fullYear(input.exp_year as number)
  checkExpiry(expMonth, expYear, now)
  if (input.cvc !== undefined && !/^\d{3,4}$/.test(input.cvc)) throw cardError(DECLINES.invalidCvc)
  return { card, expMonth, expYear }
}

/** The expiry of cards that are made from a name or a token: five years ahead. */
export function expiryAfter(now: number): { expMonth: number; expYear: number } {
  return { expMonth: 12, expYear: new Date(now * 1000).getUTCFullYear() + 5 }
}

function cardOfToken(token: string): TestCard {
  const card = cardByToken(token)
  if (!card) throw cardError({ ...DECLINES.incorrectNumber, message: `No such token: '${token}'` })
  return card
}

function cardOfNumber(typed: string): TestCard {
  const number = typed.replace(/[\s-]/g, '')
  const card = cardByNumber(number)
  if (card) return card
  throw cardError(passesLuhn(number) ? DECLINES.liveCard : DECLINES.incorrectNumber)
}

function checkExpiry(month: number, year: number, now: number): void {
  const today = new Date(now * 1000)
  const thisYear = today.getUTCFullYear()
  if (month < 1 || month > 12) throw cardError(DECLINES.invalidExpiryMonth)
  if (year < thisYear || year > thisYear + 50) throw cardError(DECLINES.invalidExpiryYear)
  if (year === thisYear && month <= today.getUTCMonth()) throw cardError(DECLINES.invalidExpiryMonth)
}

function fullYear(year: number): number {
  return year < 100 ? 2000 + year : year
}

/** The check digit that every card number ends in. */
function passesLuhn(number: string): boolean {
  if (!/^\d{12,19}$/.test(number)) return false
  const sum = [...number].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}
