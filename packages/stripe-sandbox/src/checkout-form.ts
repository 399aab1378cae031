import { ApiError } from './api-error.ts'
import { accountByIban, accountOf } from './bank-accounts.ts'
import { cardOf, expiryAfter } from './card-input.ts'
import { cardByNumber } from './cards.ts'
import { DECLINES } from './declines.ts'
import type { MethodType } from './method-objects.ts'
import type { MethodEntry } from './methods-on-file.ts'

/** What the customer has typed, as it is sent and shown again. */
export interface TypedForm {
  readonly method: MethodType
  readonly number: string
  readonly expiry: string
  readonly cvc: string
  /** The name on the card. */
  readonly name: string
  readonly iban: string
  /** The name of the account's owner. */
  readonly holder: string
  readonly email: string
}

export type Field = Exclude<keyof TypedForm, 'method'>

/** Why the form can't be sent on, in plain words. */
export interface Problem {
  readonly message: string
  /** The field it is about; null for a refusal by the bank. */
  readonly field: Field | null
}

/** An empty form for a session: the first type that it takes, and what is known of the customer. */
export function emptyForm(types: readonly string[], email: string | null): TypedForm {
  const method = types.includes('card') ? 'card' : 'sepa_debit'
  return { method, number: '', expiry: '', cvc: '', name: '', iban: '', holder: '', email: email ?? '' }
}

export function typedForm(form: URLSearchParams, empty: TypedForm, types: readonly string[]): TypedForm {
  const read = (field: Field) => (form.get(field) ?? empty[field]).trim().slice(0, 200)
  const chosen = form.get('method')
  return {
    method: chosen === 'sepa_debit' && types.includes(chosen) ? chosen : empty.method,
    number: read('number'),
    expiry: read('expiry'),
    cvc: read('cvc'),
    name: read('name'),
    iban: read('iban'),
    holder: read('holder'),
    email: read('email'),
  }
}

/** The form filled in with a test card or account; a name stays as it was typed. */
export function filledWith(number: string, typed: TypedForm, now: number): TypedForm {
  const account = accountByIban(number)
  if (account) {
    const { holder, email } = typed
    return {
      ...typed,
      method: 'sepa_debit',
      iban: spaced(number),
      holder: holder || 'Test Customer',
      email: email || 'test@example.com',
    }
  }
  const card = cardByNumber(number)
  if (!card) return typed
  const { expMonth, expYear } = expiryAfter(now)
  const cvc = card.brand === 'amex' ? '1234' : '123'
  const expiry = `${expMonth} / ${String(expYear).slice(-2)}`
  return { ...typed, method: 'card', number: spaced(number), expiry, cvc, name: typed.name || 'Test Customer' }
}

/** A card number in groups as it is embossed, an IBAN in groups of four. */
export function spaced(number: string): string {
  if (/^[A-Z]/.test(number)) return number.replace(/(.{4})(?=.)/g, '$1 ')
  const groups = number.length === 15 ? /^(.{4})(.{6})(.{5})$/ : /^(.{4})(.{4})(.{4})(.{4})$/
  return groups.exec(number)?.slice(1).join(' ') ?? number
}

/** The card or account that was typed, or what is wrong with it. */
export function readForm(typed: TypedForm, now: number): MethodEntry | Problem {
  return typed.method === 'card' ? readCard(typed, now) : readAccount(typed)
}

function readAccount(typed: TypedForm): MethodEntry | Problem {
  if (typed.iban === '') return { field: 'iban', message: 'Enter the IBAN of the account.' }
  if (typed.holder === '') return { field: 'holder', message: 'Enter the name of the account holder.' }
  if (!/^[^@\s]+@[^@\s]+$/.test(typed.email)) {
    return { field: 'email', message: 'Enter an e-mail address, for example name@example.com.' }
  }
  try {
    return { account: accountOf(typed.iban) }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const wrong = error.message.includes('invalid')
    const message = wrong
      ? 'This is not an IBAN. Check for a missing or wrong character.'
      : 'This is not a test account. Use one of the test accounts below.'
    return { field: 'iban', message }
  }
}

function readCard(typed: TypedForm, now: number): MethodEntry | Problem {
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

const FIELDS: Readonly<Record<string, Field>> = {
  invalid_expiry_month: 'expiry',
  invalid_expiry_year: 'expiry',
  invalid_cvc: 'cvc',
}
