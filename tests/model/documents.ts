// The calls of the API that the model makes.

const DECISION = 'decision { allowed reason cost }'
const USAGE = 'status error { code } credits overage uncovered available version'
const HOLD = 'id status quantity credits expiresAt'

export const DOCUMENTS = {
  grant: `mutation ($input: GrantCreditsInput!) { grantCredits(input: $input) { id amount remaining } }`,
  consume: `mutation ($input: ConsumeInput!) { consume(input: $input) { ${DECISION} usage { ${USAGE} } } }`,
  record: `mutation ($event: UsageEventInput!) { recordUsage(events: [$event]) { results { ${USAGE} } } }`,
  undo: `mutation ($customerId: ID!, $key: String!) { voidUsage(customerId: $customerId, idempotencyKey: $key) { ${USAGE} } }`,
  void: `mutation ($id: ID!, $key: String!) { voidGrant(grantId: $id, idempotencyKey: $key) { remaining } }`,
  hold: `mutation ($input: CreateHoldInput!) { createHold(input: $input) { ${DECISION} hold { ${HOLD} } } }`,
  extend: `mutation ($id: ID!, $quantity: Decimal!, $key: String!) {
    extendHold(holdId: $id, quantity: $quantity, idempotencyKey: $key) { ${DECISION} hold { ${HOLD} } } }`,
  capture: `mutation ($id: ID!, $quantity: Decimal!) { captureHold(holdId: $id, quantity: $quantity) { usage { ${USAGE} } } }`,
  release: `mutation ($id: ID!) { releaseHold(holdId: $id) { status } }`,
  buy: `mutation ($input: PurchaseBundleInput!) { purchaseBundle(input: $input) {
    __typename ... on PurchaseSuccess { grant { id } } ... on CheckoutRequired { token } } }`,
  refund: `mutation ($input: RefundPaymentInput!) { refundPayment(input: $input) { status } }`,
  change: `mutation ($input: ChangeRateCardInput!) { changeRateCard(input: $input) { __typename } }`,
  advance: `mutation ($to: DateTime!) { advanceClock(to: $to) }`,
  subscribe: `mutation ($input: SubscribeInput!) { subscribe(input: $input) { ... on SubscriptionSuccess { subscription { id } } } }`,
  upsertCustomer: `mutation ($input: CustomerInput!) { upsertCustomer(input: $input) { id } }`,
  createWallet: `mutation ($input: CreateWalletInput!) { createWallet(input: $input) { id } }`,
  defineMeter: `mutation ($input: MeterInput!) { defineMeter(input: $input) { code } }`,
  defineCreditType: `mutation ($input: CreditTypeInput!) { defineCreditType(input: $input) { code } }`,
  publishRateCard: `mutation ($input: RateCardInput!) { publishRateCard(input: $input) { code } }`,
} as const

const stateOf = (more: string) => `version holds { id quantity credits expiresAt }
  subscriptions { id currentPeriodStart currentPeriodEnd rateCard { code } pendingRateCard { code } }
  balances { available held ${more} overage uncovered overageAllowed
    grants { id kind amount remaining held effectiveAt expiresAt } }`

/** Both customers in one read. A product that knows no refunds yet shows no debts. */
export function statesDocument(knowsRefunds: boolean): string {
  const state = stateOf(knowsRefunds ? 'frozen debt' : '')
  return `query ($a: ID!, $b: ID!) { a: billingState(customerId: $a) { ${state} } b: billingState(customerId: $b) { ${state} } }`
}

/** The newest payment, which is the one that was just made. */
export const PAYMENTS = `query ($id: ID!) { payments(customerId: $id, first: 100) { nodes { id grant { id } disputes { id status } } } }`

export interface GrantRead {
  readonly id: string
  readonly kind: string
  readonly amount: string
  readonly remaining: string
  readonly held: string
  readonly effectiveAt: string
  readonly expiresAt: string | null
}

export interface StateRead {
  readonly version: number
  readonly holds: readonly { id: string; quantity: string; credits: string; expiresAt: string }[]
  readonly subscriptions: readonly {
    readonly id: string
    readonly currentPeriodStart: string
    readonly currentPeriodEnd: string
    readonly rateCard: { readonly code: string }
    readonly pendingRateCard: { readonly code: string } | null
  }[]
  readonly balances: readonly {
    readonly available: string
    readonly held: string
    readonly frozen?: string
    readonly debt?: string
    readonly overage: string
    readonly uncovered: string
    readonly overageAllowed: boolean
    readonly grants: readonly GrantRead[]
  }[]
}
