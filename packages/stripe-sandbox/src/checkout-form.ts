import { ApiError } from './api-error.ts'
import { type CardEntry, cardOf, expiryAfter } from './card-input.ts'
import { cardByNumber } from './cards.ts'
import { DECLINES } from './declines.ts'

/** What the customer has typed, as it is sent and shown again. */
export interface TypedCard {
  readonly number: string
  readonly expiry: string
  readonly cvc: string
  readonly name: string
}

/** Why the form can't be sent on, in plain words. */
export interface Problem {
  readonly message: string
  /** The field it is about; null for a refusal by the bank. */
  readonly field: keyof TypedCard | null
}

export const EMPTY_CARD: TypedCard = { number: '', expiry: '', cvc: '', name: '' }

export function typedCard(form: URLSearchParams): TypedCard {
  const read = (field: string) => (form.get(field) ?? '').trim().slice(0, 200)
  return { number: read('number'), expiry: read('expiry'), cvc: read('cvc'), name: read('name') }
}

/** The form filled in with a test card; the name stays as it was typed. */
export function filledWith(number: string, typed: TypedCard, now: number): TypedCard {
  const card = cardByNumber(number)
  if (!card) return typed
  const { expMonth, expYear } = expiryAfter(now)
  const cvc = card.brand === 'amex' ? '1234' : '123'
  const expiry = `${expMonth} / ${String(expYear).slice(-2)}`
  return { number: spaced(number), expiry, cvc, name: typed.name || 'Test Customer' }
}

/** A card number in groups, as it is embossed. */
export function spaced(number: string): string {
  const groups = number.length === 15 ? /^(.{4})(.{6})(.{5})$/ : /^(.{4})(.{4})(.{4})(.{4})$/
  return groups.exec(number)?.slice(1).join(' ') ?? number
}

/** The card that was typed, or what is wrong with it. */
export function readCard(typed: TypedCard, now: number): CardEntry | Problem {
  if (typed.number === '') return { field: 'number', message: 'Enter the card number.' }
  const expiry = /^(\d{1,2})\s*\/?\s*(\d{2}|\d{4})$/.exec(typed.expiry)
  if (!expiry) return { field: 'expiry', message: 'Enter the expiry date as month and year, for example 12 / 34.' }
  if (typed.cvc === '') return { field: 'cvc', message: 'Enter the CVC: three or four digits on the card.' }
  if (typed.name === '') return { field: 'name', message: 'Enter the name on the card.' }
  const [, month, year] = expiry
  const input = { number: typed.number, exp_month: Number(month), exp_year: Number(year), cvc: typed.cvc }
  try {
    return cardOf(input, now)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const notATest = error.details.decline_code === DECLINES.liveCard.decline_code
    const message = notATest ? 'This is not a test card. Use one of the test cards below.' : error.message
    return { field: FIELDS[error.details.code ?? ''] ?? 'number', message }
  }
}

const FIELDS: Readonly<Record<string, keyof TypedCard>> = {
  invalid_expiry_month: 'expiry',
  invalid_expiry_year: 'expiry',
  invalid_cvc: 'cvc',
}
