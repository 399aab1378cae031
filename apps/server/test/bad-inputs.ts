import { BAD_BRANDS } from './bad-brands.ts'
import { BAD_BUDGETS } from './bad-budgets.ts'
import { BAD_CARDS } from './bad-cards.ts'
import { BAD_COMMITMENTS } from './bad-commitments.ts'
import { BAD_CUSTOMERS } from './bad-customers.ts'
import { BAD_PARTIES } from './bad-parties.ts'
import { BAD_PAYMENT_METHODS } from './bad-payment-methods.ts'
import { BAD_REFUNDS } from './bad-refunds.ts'
import { BAD_TOP_UPS } from './bad-top-ups.ts'
import { BAD_WEBHOOKS } from './bad-webhooks.ts'
import { CONSUME, GRANT_CREDITS, RECORD_USAGE, VOID_USAGE } from './calls.ts'
import { BALANCE_AT, EXPLAIN_BALANCE, EXPLAIN_DECISION } from './explaining.ts'
import { CHANGE_RATE_CARD, PURCHASE_BUNDLE, SUBSCRIBE, URLS } from './selling.ts'

// What a caller may get wrong, and what they are told. The customers and the keys that are used already are made by
// bad-input.test.ts.

const ids = { customerId: 'ada', meter: 'character_generation' }

/** A request that must be refused. */
export interface BadInput {
  readonly document: string
  readonly variables: object
  /** The code, and the field where one is at fault. */
  readonly fault: string
  readonly as?: 'ada' | 'nobody'
}

export const CHECK = `query ($customerId: ID!, $meter: String!, $quantity: Decimal, $properties: JSON) {
  check(customerId: $customerId, meter: $meter, quantity: $quantity, properties: $properties) { allowed } }`
const STATE = `query ($customerId: ID!) { billingState(customerId: $customerId) { version } }`
const TOKEN = `mutation ($customerId: ID!, $ttlSeconds: Int) { createCustomerToken(customerId: $customerId, ttlSeconds: $ttlSeconds) { token } }`
const LEDGER = `query ($customerId: ID!, $first: Int, $after: String) { ledger(customerId: $customerId, first: $first, after: $after) { nodes { id } } }`
const WALLET = `mutation ($input: CreateWalletInput!) { createWallet(input: $input) { id } }`
const CHANGE_CHECKOUT = `mutation ($token: String!, $quantity: Int) { changeCheckout(token: $token, quantity: $quantity) { status } }`
const CHECKOUT = `mutation ($input: CheckoutSessionInput!) { createCheckoutSession(input: $input) { token } }`
const CANCEL = `mutation ($input: CancelSubscriptionInput!) { cancelSubscription(input: $input) { status } }`
const VOID = `mutation ($grantId: ID!, $key: String!) { voidGrant(grantId: $grantId, idempotencyKey: $key) { id } }`

const consuming = (more: object, fault: string): BadInput => ({
  document: CONSUME,
  variables: { input: { ...ids, idempotencyKey: 'new', ...more } },
  fault,
})
const granting = (more: object, fault: string): BadInput => ({
  document: GRANT_CREDITS,
  variables: { input: { customerId: 'ada', creditType: 'credits', amount: '1', idempotencyKey: 'new', ...more } },
  fault,
})
const subscribing = (more: object, fault: string): BadInput => ({
  document: SUBSCRIBE,
  variables: { input: { customerId: 'alan', rateCard: 'free', idempotencyKey: 'new', ...more } },
  fault,
})
const checking = (more: object, fault: string): BadInput => ({ document: CHECK, variables: { ...ids, ...more }, fault })
const voiding = (more: object, fault: string): BadInput => ({
  document: VOID_USAGE,
  variables: { customerId: 'ada', idempotencyKey: 'new', ...more },
  fault,
})
const explaining = (document: string, more: object, fault: string): BadInput => ({
  document,
  variables: { customerId: 'ada', creditType: 'credits', key: 'used', at: '2026-01-01T00:00:00Z', ...more },
  fault,
})
const recording = (events: unknown, fault: string): BadInput => ({
  document: RECORD_USAGE,
  variables: { events },
  fault,
})

/** Ends in a NUL, which PostgreSQL stores in no text. */
export const NUL = 'a\u0000'
export const event = { customerId: 'ada', eventName: 'character_generation', idempotencyKey: 'new', value: '1' }

export const BAD_INPUTS: Record<string, BadInput> = {
  'consume: unknown customer': consuming({ customerId: 'nobody' }, 'NOT_FOUND customerId'),
  'consume: unknown meter': consuming({ meter: 'nothing' }, 'NOT_FOUND meter'),
  'consume: negative quantity': consuming({ quantity: '-1' }, 'INVALID_INPUT quantity'),
  'consume: zero': consuming({ quantity: 0 }, 'INVALID_INPUT quantity'),
  'consume: NaN': consuming({ quantity: 'NaN' }, 'INVALID_INPUT quantity'),
  'consume: Infinity': consuming({ quantity: 'Infinity' }, 'INVALID_INPUT quantity'),
  'consume: 10 decimals': consuming({ quantity: '0.0000000001' }, 'INVALID_INPUT quantity'),
  'consume: 31 digits': consuming({ quantity: '1'.repeat(31) }, 'INVALID_INPUT quantity'),
  'consume: 1e400 as text': consuming({ quantity: '1e400' }, 'INVALID_INPUT quantity'),
  'consume: hexadecimal': consuming({ quantity: '0x10' }, 'INVALID_INPUT quantity'),
  'consume: a float': consuming({ quantity: 0.1 }, 'INVALID_INPUT quantity'),
  'consume: an unsafe integer': consuming({ quantity: 2 ** 53 }, 'INVALID_INPUT quantity'),
  'consume: a list': consuming({ quantity: ['1'] }, 'INVALID_INPUT quantity'),
  'consume: a boolean': consuming({ quantity: true }, 'INVALID_INPUT quantity'),
  'consume: properties that are a list': consuming({ properties: [1] }, 'INVALID_INPUT properties'),
  'consume: an empty key': consuming({ idempotencyKey: '' }, 'INVALID_INPUT idempotencyKey'),
  'consume: a key of 256 characters': consuming({ idempotencyKey: 'k'.repeat(256) }, 'INVALID_INPUT idempotencyKey'),
  'consume: a key with a line break': consuming({ idempotencyKey: 'a\nb' }, 'INVALID_INPUT idempotencyKey'),
  'consume: a known key with another quantity': consuming(
    { idempotencyKey: 'used', quantity: '2' },
    'IDEMPOTENCY_CONFLICT idempotencyKey',
  ),
  'consume: a customer id with a NUL': consuming({ customerId: NUL }, 'NOT_FOUND customerId'),
  'consume: a meter with a NUL': consuming({ meter: NUL }, 'NOT_FOUND meter'),
  'consume: three by the property, and a quantity that was forgotten': consuming(
    { properties: { value: '3' } },
    'INVALID_INPUT properties.value',
  ),
  'consume: a property with a NUL': consuming({ properties: { model: NUL } }, 'INVALID_INPUT properties'),
  'consume: a property that is half a character': consuming(
    { properties: { model: '\ud800' } },
    'INVALID_INPUT properties',
  ),

  'grantCredits: unknown customer': granting({ customerId: 'nobody' }, 'NOT_FOUND customerId'),
  'grantCredits: unknown credit type': granting({ creditType: 'gold' }, 'NOT_FOUND creditType'),
  'grantCredits: negative': granting({ amount: '-1' }, 'INVALID_INPUT amount'),
  'grantCredits: zero': granting({ amount: '0' }, 'INVALID_INPUT amount'),
  'grantCredits: 1e400': granting({ amount: '1e400' }, 'INVALID_INPUT amount'),
  'grantCredits: an allowance by hand': granting({ kind: 'ALLOWANCE' }, 'INVALID_INPUT kind'),
  'grantCredits: unknown kind': granting({ kind: 'GIFT' }, 'INVALID_INPUT kind'),
  'grantCredits: expired before it begins': granting({ expiresAt: '2001-01-01T00:00:00Z' }, 'INVALID_INPUT expiresAt'),
  'grantCredits: no instant': granting({ expiresAt: 'tomorrow' }, 'INVALID_INPUT expiresAt'),
  'grantCredits: for an unknown meter': granting({ appliesTo: ['nothing'] }, 'NOT_FOUND appliesTo.0'),
  'grantCredits: into an unknown wallet': granting({ walletId: 'wal_1' }, 'NOT_FOUND walletId'),
  'grantCredits: a known key with another amount': granting(
    { idempotencyKey: 'used', amount: '2' },
    'IDEMPOTENCY_CONFLICT idempotencyKey',
  ),
  'grantCredits: metadata with a NUL': granting({ metadata: { note: NUL } }, 'INVALID_INPUT metadata'),
  'grantCredits: a priority beyond 32 bits': granting({ priority: 2 ** 31 }, 'INVALID_INPUT priority'),

  ...BAD_PARTIES,
  ...BAD_PAYMENT_METHODS,
  ...BAD_REFUNDS,

  'recordUsage: no events': recording([], 'INVALID_INPUT events'),
  'recordUsage: 1,001 events': recording(Array(1001).fill(event), 'INVALID_INPUT events'),
  'recordUsage: an event without a key': recording(
    [event, { ...event, idempotencyKey: undefined }],
    'INVALID_INPUT events.1.idempotencyKey',
  ),
  'recordUsage: an event that is null': recording([null], 'INVALID_INPUT events.0'),
  'recordUsage: an event of another shape': recording([{ ...event, extra: 1 }], 'INVALID_INPUT events.0.extra'),

  'voidUsage: unknown customer': voiding({ customerId: 'nobody' }, 'NOT_FOUND customerId'),
  'voidUsage: a customer id with a NUL': voiding({ customerId: NUL }, 'NOT_FOUND customerId'),
  'voidUsage: unknown key': voiding({}, 'NOT_FOUND idempotencyKey'),
  'voidUsage: an empty key': voiding({ idempotencyKey: '' }, 'INVALID_INPUT idempotencyKey'),
  'voidUsage: a key with a NUL': voiding({ idempotencyKey: NUL }, 'INVALID_INPUT idempotencyKey'),
  'voidUsage: a key of two events': voiding({ idempotencyKey: 'used' }, 'CONFLICT idempotencyKey'),

  'subscribe: unknown customer': subscribing({ customerId: 'nobody' }, 'NOT_FOUND customerId'),
  'subscribe: unknown card': subscribing({ rateCard: 'gold' }, 'NOT_FOUND rateCard'),
  'subscribe: what the customer has': subscribing({ customerId: 'ada' }, 'CONFLICT rateCard'),
  'subscribe: a redirect to another site': subscribing(
    { customerId: 'alan', rateCard: 'starter', checkout: { ...URLS, successUrl: 'https://evil.example/' } },
    'INVALID_INPUT checkout.successUrl',
  ),
  'subscribe: a redirect that runs a script': subscribing(
    { rateCard: 'starter', checkout: { ...URLS, cancelUrl: 'javascript:alert(1)' } },
    'INVALID_INPUT checkout.cancelUrl',
  ),
  'subscribe: a known key with another card': subscribing(
    { customerId: 'edsger', rateCard: 'starter', idempotencyKey: 'used' },
    'IDEMPOTENCY_CONFLICT idempotencyKey',
  ),
  'purchaseBundle: a known key with another quantity': {
    document: PURCHASE_BUNDLE,
    variables: { input: { customerId: 'edsger', bundle: 'pack-100', quantity: 2, idempotencyKey: 'used' } },
    fault: 'IDEMPOTENCY_CONFLICT idempotencyKey',
  },
  'changeRateCard: unknown subscription': {
    document: CHANGE_RATE_CARD,
    variables: { input: { subscriptionId: 'sub_1', rateCard: 'premium' } },
    fault: 'NOT_FOUND subscriptionId',
  },
  'cancelSubscription: unknown subscription': {
    document: CANCEL,
    variables: { input: { subscriptionId: 'sub_00000000000000000000000000000000' } },
    fault: 'NOT_FOUND subscriptionId',
  },
  'purchaseBundle: unknown bundle': {
    document: PURCHASE_BUNDLE,
    variables: { input: { customerId: 'ada', bundle: 'gold', idempotencyKey: 'new' } },
    fault: 'NOT_FOUND bundle',
  },
  'purchaseBundle: none of them': {
    document: PURCHASE_BUNDLE,
    variables: { input: { customerId: 'ada', bundle: 'pack-100', quantity: 0, idempotencyKey: 'new' } },
    fault: 'INVALID_INPUT quantity',
  },
  'createCheckoutSession: neither card nor bundle': {
    document: CHECKOUT,
    variables: { input: { customerId: 'ada', checkout: URLS } },
    fault: 'INVALID_INPUT rateCard',
  },
  'createCheckoutSession: a quantity of a card': {
    document: CHECKOUT,
    variables: { input: { customerId: 'ada', rateCard: 'starter', quantity: 2, checkout: URLS } },
    fault: 'INVALID_INPUT quantity',
  },
  'createCheckoutSession: quantities of a bundle': {
    document: CHECKOUT,
    variables: {
      input: { customerId: 'ada', bundle: 'pack-100', quantities: [{ code: 'base', quantity: 2 }], checkout: URLS },
    },
    fault: 'INVALID_INPUT quantities',
  },
  'createCheckoutSession: more bundles than are sold at once': {
    document: CHECKOUT,
    variables: { input: { customerId: 'ada', bundle: 'pack-100', quantity: 1_001, checkout: URLS } },
    fault: 'INVALID_INPUT quantity',
  },
  'changeCheckout: a token that nobody issued': {
    document: CHANGE_CHECKOUT,
    variables: { token: `cs_${'0'.repeat(32)}_${'a'.repeat(43)}`, quantity: 2 },
    fault: 'NOT_FOUND token',
  },
  'voidGrant: unknown grant': {
    document: VOID,
    variables: { grantId: 'gr_1', key: 'new' },
    fault: 'NOT_FOUND grantId',
  },
  'createWallet: unknown credit type': {
    document: WALLET,
    variables: { input: { customerId: 'ada', creditType: 'gold', name: 'mine' } },
    fault: 'NOT_FOUND creditType',
  },

  'check: unknown customer': checking({ customerId: 'nobody' }, 'NOT_FOUND customerId'),
  'check: unknown meter': checking({ meter: 'nothing' }, 'NOT_FOUND meter'),
  'check: negative quantity': checking({ quantity: '-1' }, 'INVALID_INPUT quantity'),
  'billingState: unknown customer': {
    document: STATE,
    variables: { customerId: 'nobody' },
    fault: 'NOT_FOUND customerId',
  },
  'billingState: an id with a NUL': { document: STATE, variables: { customerId: NUL }, fault: 'NOT_FOUND customerId' },
  'balanceAt: no such customer': explaining(BALANCE_AT, { customerId: 'nobody' }, 'NOT_FOUND customerId'),
  'balanceAt: no such credit type': explaining(BALANCE_AT, { creditType: 'gold' }, 'NOT_FOUND creditType'),
  'balanceAt: no instant': explaining(BALANCE_AT, { at: 'yesterday' }, 'INVALID_INPUT at'),
  'balanceAt: the future': explaining(BALANCE_AT, { at: '2999-01-01T00:00:00Z' }, 'INVALID_INPUT at'),
  'explainBalance: the future': explaining(EXPLAIN_BALANCE, { at: '2999-01-01T00:00:00Z' }, 'INVALID_INPUT at'),
  'explainBalance: no such customer': explaining(EXPLAIN_BALANCE, { customerId: NUL }, 'NOT_FOUND customerId'),
  'explainDecision: no such key': explaining(EXPLAIN_DECISION, { key: 'unused' }, 'NOT_FOUND idempotencyKey'),
  'explainDecision: no key': explaining(EXPLAIN_DECISION, { key: '' }, 'INVALID_INPUT idempotencyKey'),
  'explainDecision: no such customer': explaining(EXPLAIN_DECISION, { customerId: 'nobody' }, 'NOT_FOUND customerId'),
  'explainDecision: by a browser': {
    ...explaining(EXPLAIN_DECISION, {}, 'FORBIDDEN'),
    as: 'ada',
  },

  'ledger: a page of none': {
    document: LEDGER,
    variables: { customerId: 'ada', first: 0 },
    fault: 'INVALID_INPUT first',
  },
  'ledger: a page of 101': {
    document: LEDGER,
    variables: { customerId: 'ada', first: 101 },
    fault: 'INVALID_INPUT first',
  },
  'ledger: a cursor that is none': {
    document: LEDGER,
    variables: { customerId: 'ada', after: 'x' },
    fault: 'INVALID_INPUT after',
  },
  'createCustomerToken: 29 seconds': {
    document: TOKEN,
    variables: { customerId: 'ada', ttlSeconds: 29 },
    fault: 'INVALID_INPUT ttlSeconds',
  },
  'createCustomerToken: more than a day': {
    document: TOKEN,
    variables: { customerId: 'ada', ttlSeconds: 86_401 },
    fault: 'INVALID_INPUT ttlSeconds',
  },

  ...BAD_CUSTOMERS,

  ...BAD_BUDGETS,
  ...BAD_CARDS,
  ...BAD_COMMITMENTS,
  ...BAD_BRANDS,
  ...BAD_TOP_UPS,
  ...BAD_WEBHOOKS,

  'no credential': { document: STATE, variables: { customerId: 'ada' }, fault: 'UNAUTHENTICATED', as: 'nobody' },
  "another customer's state": { document: STATE, variables: { customerId: 'grace' }, fault: 'FORBIDDEN', as: 'ada' },
  'a grant to oneself': { ...granting({}, 'FORBIDDEN'), as: 'ada' },
  'a missing variable': { document: STATE, variables: {}, fault: 'INVALID_INPUT customerId' },
  'malformed GraphQL': { document: '{ billingState(', variables: {}, fault: 'INVALID_INPUT' },
  'an unknown field': { document: '{ everything }', variables: {}, fault: 'INVALID_INPUT' },
  'no document': { document: '', variables: {}, fault: 'INVALID_INPUT' },
  'a decimal literal that is a float': {
    document: `{ check(customerId: "ada", meter: "character_generation", quantity: 1e400) { allowed } }`,
    variables: {},
    fault: 'INVALID_INPUT',
  },
}
