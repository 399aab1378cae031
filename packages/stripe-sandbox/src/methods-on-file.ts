import { createHash } from 'node:crypto'
import { accountByIban, accountByName, type TestAccount } from './bank-accounts.ts'
import { type CardEntry, expiryAfter } from './card-input.ts'
import { cardByName, cardByNumber, type TestCard } from './cards.ts'
import type { Context } from './context.ts'
import { newId } from './ids.ts'
import type { BillingDetails, PaymentMethod } from './method-objects.ts'
import type { MethodOnFile } from './store.ts'

/** What pays: it decides alone what happens. */
export type Instrument = TestCard | TestAccount

export type MethodEntry = CardEntry | { readonly account: TestAccount }

const NO_DETAILS: BillingDetails = { address: null, email: null, name: null, phone: null }
/** A bank account has an owner even when it is made from a test name. */
const SOMEBODY = { name: 'Jenny Rosen', email: 'jenny.rosen@example.com' }

/** Makes a payment method that belongs to nobody yet. */
export function addMethod(context: Context, entry: MethodEntry, details: Partial<BillingDetails> = {}): PaymentMethod {
  const base = {
    id: newId('paymentMethod'),
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: { ...NO_DETAILS, ...details },
    created: context.now,
    customer: null,
    livemode: false,
    metadata: {},
  } as const
  const method: PaymentMethod =
    'account' in entry
      ? { ...base, type: 'sepa_debit', sepa_debit: sepaDetails(entry.account) }
      : { ...base, type: 'card', card: cardDetails(entry) }
  const { number } = 'account' in entry ? entry.account : entry.card
  context.store.cards.put({ id: method.id, number, setUp: false, spent: false })
  return context.store.paymentMethods.put(method)
}

function cardDetails({ card, expMonth, expYear }: CardEntry) {
  return {
    brand: card.brand,
    checks: { cvc_check: 'pass' },
    country: 'US',
    display_brand: card.brand,
    exp_month: expMonth,
    exp_year: expYear,
    fingerprint: fingerprintOf(card),
    funding: 'credit',
    generated_from: null,
    last4: card.number.slice(-4),
    networks: { available: [card.brand], preferred: null },
    regulated_status: 'unregulated',
    three_d_secure_usage: { supported: true },
    wallet: null,
  } as const
}

function sepaDetails(account: TestAccount) {
  return {
    bank_code: account.number.slice(4, 9),
    branch_code: '',
    country: account.number.slice(0, 2),
    fingerprint: fingerprintOf(account),
    generated_from: { charge: null, setup_attempt: null },
    last4: account.number.slice(-4),
  } as const
}

/** The same card or account has the same fingerprint on every payment method, as at Stripe. */
function fingerprintOf(instrument: Instrument): string {
  return createHash('sha256').update(instrument.number).digest('hex').slice(0, 16)
}

/** A new payment method for a name like `pm_card_visa`; undefined if the id is no such name. */
export function methodOfName(context: Context, name: string): PaymentMethod | undefined {
  const card = cardByName(name)
  if (card) return addMethod(context, { card, ...expiryAfter(context.now) })
  const account = accountByName(name)
  return account && addMethod(context, { account }, SOMEBODY)
}

/** What is behind a payment method, and what the bank remembers of it. */
export function methodBehind(
  context: Context,
  method: PaymentMethod,
): MethodOnFile & { readonly instrument: Instrument } {
  const onFile = context.store.cards.get(method.id)
  const instrument = onFile && (cardByNumber(onFile.number) ?? accountByIban(onFile.number))
  if (!onFile || !instrument) throw new Error(`payment method with nothing behind it: ${method.id}`)
  return { ...onFile, instrument }
}
