import { invalidRequest } from './api-error.ts'
import { DECLINES, type Decline } from './declines.ts'

/** A test bank account: what happens with it is decided by its IBAN alone. Source: docs.stripe.com/testing. */
export interface TestAccount {
  readonly type: 'sepa_debit'
  /** The IBAN. */
  readonly number: string
  /** Names that stand for a new payment method with this account: `pm_sepaDebit_…`. */
  readonly names: readonly string[]
  readonly label: string
  /** Why debits come back in the end; null if the money arrives. */
  readonly debit: Decline | null
  /** Takes minutes instead of seconds. */
  readonly slow: boolean
  /** Accounts can always be saved. */
  readonly attach: null
  readonly refund: 'pending_first'
  readonly dispute: 'never' | 'fraudulent'
}

type Traits = Partial<Pick<TestAccount, 'debit' | 'slow' | 'dispute'>>

function account(number: string, name: string | null, label: string, traits: Traits = {}): TestAccount {
  return {
    type: 'sepa_debit',
    number,
    names: name === null ? [] : [`pm_sepaDebit_${name}`],
    label,
    debit: null,
    slow: false,
    attach: null,
    refund: 'pending_first',
    dispute: 'never',
    ...traits,
  }
}

export const TEST_ACCOUNTS: readonly TestAccount[] = [
  account('AT611904300234573201', 'success_at', 'Debit succeeds'),
  account('AT321904300235473204', 'successDelayed_at', 'Debit succeeds after three minutes', { slow: true }),
  account('AT861904300235473202', 'failed_at', 'Debit fails', { debit: DECLINES.debitFailed }),
  account('AT051904300235473205', 'failedDelayed_at', 'Debit fails after three minutes', {
    debit: DECLINES.debitFailed,
    slow: true,
  }),
  account('AT591904300235473203', 'disputed_at', 'Debit succeeds, then is disputed', { dispute: 'fraudulent' }),
  account('AT981904300000343434', 'exceedsWeeklyVolumeLimit_at', 'Over the weekly volume', {
    debit: DECLINES.debitOverLimit,
  }),
  account('AT601904300000121212', 'exceedsWeeklyTransactionLimit_at', 'Over the weekly number of debits', {
    debit: DECLINES.debitOverWeek,
  }),
  account('AT981904300002222227', 'insufficientFunds_at', 'Insufficient funds', { debit: DECLINES.debitNoFunds }),
  account('DE89370400440532013000', 'success_de', 'Debit succeeds (Germany)'),
  account('IT60X0542811101000000123456', null, 'Debit fails (Italy)', { debit: DECLINES.debitFailed }),
]

/** Checks an account as Stripe does before it asks the bank. @throws 400 for an IBAN that is wrong or not for tests. */
export function accountOf(typed: string): TestAccount {
  const iban = typed.replace(/[\s-]/g, '').toUpperCase()
  const account = accountByIban(iban)
  if (account) return account
  const message = isIban(iban)
    ? 'The IBAN you provided cannot be used in test mode. For a list of test IBANs, visit: https://stripe.com/docs/testing.'
    : 'The IBAN you provided is invalid.'
  throw invalidRequest(message, { code: 'invalid_bank_account_iban', param: 'sepa_debit[iban]' })
}

export function accountByIban(iban: string): TestAccount | undefined {
  return TEST_ACCOUNTS.find((each) => each.number === iban)
}

/** The account behind a name like `pm_sepaDebit_success_at`. */
export function accountByName(name: string): TestAccount | undefined {
  return TEST_ACCOUNTS.find((each) => each.names.includes(name))
}

/** The check digits that every IBAN has: moved behind, with letters as numbers, it is 1 modulo 97. */
function isIban(text: string): boolean {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(text)) return false
  const digits = (text.slice(4) + text.slice(0, 4)).replace(/[A-Z]/g, (letter) => String(parseInt(letter, 36)))
  return BigInt(digits) % 97n === 1n
}
