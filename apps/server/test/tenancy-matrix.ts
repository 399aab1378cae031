import { URLS } from './selling.ts'
import { PARTY_ROWS } from './tenancy-parties.ts'
import { PAYMENT_METHOD_ROWS } from './tenancy-payment-methods.ts'
import { WEBHOOK_ROWS } from './tenancy-webhooks.ts'

// Every root field of the schema, as someone asks for it who may not.

/** What belongs to the customer who is attacked. */
export interface Target {
  readonly customerId: string
  subscriptionId: string
  grantId: string
  commitmentId: string
  walletId: string
  invoiceId: string
  paymentId: string
  holdId: string
  endpointId: string
  deliveryId: string
  checkoutToken: string
  portalToken: string
  invoiceToken: string
}

/** Another customer of the project, another project's backend, and nobody. */
export type Who = 'neighbour' | 'stranger' | 'nobody'

export interface Row {
  /** The field with its arguments, as it would be asked for by someone who may. */
  readonly ask: (ids: Target) => string
  readonly neighbour: string
  readonly stranger: string
  /** UNAUTHENTICATED if left out. */
  readonly nobody?: string
}

const checkout = `checkout: { successUrl: "${URLS.successUrl}", cancelUrl: "${URLS.cancelUrl}" }`
const key = 'idempotencyKey: "attack"'
/** Whoever holds the token in a hosted page's address may see and pay what it shows: it is the credential. */
const holder = { neighbour: 'allowed', stranger: 'allowed', nobody: 'allowed' }
const backendOnly = { neighbour: 'FORBIDDEN', stranger: 'NOT_FOUND' }
const ownOnly = { neighbour: 'FORBIDDEN', stranger: 'NOT_FOUND' }
const byId = { neighbour: 'NOT_FOUND', stranger: 'NOT_FOUND' }
/** A stranger does it in their own project, which is another. */
const ownProject = { neighbour: 'FORBIDDEN', stranger: 'allowed' }

export const MATRIX: Record<string, Row> = {
  ...PARTY_ROWS,
  ...PAYMENT_METHOD_ROWS,
  ...WEBHOOK_ROWS,
  'Query.balanceAt': {
    ask: (ids) => `balanceAt(customerId: "${ids.customerId}", creditType: "credits", at: "2026-01-01T00:00:00Z")`,
    ...ownOnly,
  },
  'Query.billingState': { ask: ({ customerId: id }) => `billingState(customerId: "${id}") { version }`, ...ownOnly },
  'Query.check': {
    ask: ({ customerId: id }) => `check(customerId: "${id}", meter: "character_generation") { allowed }`,
    ...ownOnly,
  },
  'Query.brand': { ask: () => 'brand { color }', neighbour: 'allowed', stranger: 'allowed' },
  'Query.checkout': { ask: (ids) => `checkout(token: "${ids.checkoutToken}") { status }`, ...holder },
  'Query.commitments': {
    ask: ({ customerId: id }) => `commitments(customerId: "${id}") { nodes { id } }`,
    ...ownOnly,
  },
  'Query.clock': { ask: () => 'clock', neighbour: 'allowed', stranger: 'allowed' },
  'Query.clockProgress': { ask: () => 'clockProgress { to }', neighbour: 'FORBIDDEN', stranger: 'null' },
  'Query.customer': {
    ask: (ids) => `customer(id: "${ids.customerId}") { id }`,
    neighbour: 'FORBIDDEN',
    stranger: 'null',
  },
  'Query.grants': { ask: ({ customerId: id }) => `grants(customerId: "${id}") { nodes { id } }`, ...ownOnly },
  'Query.emailSettings': { ask: () => 'emailSettings { kinds }', ...ownProject },
  'Query.explainBalance': {
    ask: (ids) => `explainBalance(customerId: "${ids.customerId}", creditType: "credits") { available }`,
    ...ownOnly,
  },
  'Query.explainDecision': {
    ask: (ids) => `explainDecision(customerId: "${ids.customerId}", idempotencyKey: "k") { text }`,
    ...backendOnly,
  },
  'Query.invoice': { ask: (ids) => `invoice(token: "${ids.invoiceToken}") { subtotal }`, ...holder },
  'Query.invoices': { ask: (ids) => `invoices(customerId: "${ids.customerId}") { nodes { id } }`, ...ownOnly },
  'Query.ledger': { ask: (ids) => `ledger(customerId: "${ids.customerId}") { nodes { id } }`, ...ownOnly },
  'Query.payments': { ask: (ids) => `payments(customerId: "${ids.customerId}") { nodes { id } }`, ...ownOnly },
  'Query.portal': { ask: (ids) => `portal(token: "${ids.portalToken}") { expired }`, ...holder },
  'Query.previewRateCardChange': {
    ask: (ids) =>
      `previewRateCardChange(input: { subscriptionId: "${ids.subscriptionId}", rateCard: "premium" }) { effectiveAt }`,
    ...byId,
  },
  'Query.previewRateCardMigration': {
    ask: () => `previewRateCardMigration(input: { code: "free", name: "Taken over" }) { subscribers }`,
    ...ownProject,
  },
  'Query.rateCard': { ask: () => 'rateCard(code: "prepaid") { code }', neighbour: 'null', stranger: 'null' },
  'Query.rateCards': { ask: () => 'rateCards { code }', neighbour: 'allowed', stranger: 'allowed' },
  'Query.topUpMonths': { ask: ({ customerId: id }) => `topUpMonths(customerId: "${id}") { count }`, ...ownOnly },
  'Query.upcomingInvoice': {
    ask: (ids) => `upcomingInvoice(subscriptionId: "${ids.subscriptionId}") { total }`,
    ...byId,
  },
  'Query.usage': {
    ask: ({ customerId: id }) =>
      `usage(customerId: "${id}", meter: "character_generation", from: "2027-01-01T00:00:00Z", to: "2027-01-02T00:00:00Z") { quantity }`,
    ...ownOnly,
  },

  'Query.usageTotals': {
    ask: ({ customerId: id }) =>
      `usageTotals(customerId: "${id}", from: "2026-01-01T00:00:00Z", to: "2027-01-02T00:00:00Z") { quantity }`,
    ...ownOnly,
  },

  'Mutation.setBalanceAlerts': {
    ask: (ids) =>
      `setBalanceAlerts(input: { customerId: "${ids.customerId}", creditType: "credits", thresholds: [] }) { armed }`,
    ...backendOnly,
  },
  'Mutation.setBudget': {
    ask: (ids) => `setBudget(input: { customerId: "${ids.customerId}", creditType: "credits", limit: "0" }) { limit }`,
    ...backendOnly,
  },
  'Mutation.setSpendLimit': {
    ask: (ids) => `setSpendLimit(customerId: "${ids.customerId}", limit: "0") { id }`,
    ...ownOnly,
  },
  'Mutation.captureHold': {
    ask: (ids) => `captureHold(holdId: "${ids.holdId}", quantity: "1") { usage { status } }`,
    ...backendOnly,
  },
  'Mutation.createHold': {
    ask: (ids) =>
      `createHold(input: { customerId: "${ids.customerId}", meter: "character_generation", quantity: "1", ${key} }) { hold { id } }`,
    ...backendOnly,
  },
  'Mutation.extendHold': {
    ask: (ids) => `extendHold(holdId: "${ids.holdId}", quantity: "1", ${key}) { hold { id } }`,
    ...backendOnly,
  },
  'Mutation.releaseHold': { ask: (ids) => `releaseHold(holdId: "${ids.holdId}") { status }`, ...backendOnly },
  'Query.webhookEndpoints': { ask: () => 'webhookEndpoints { id }', ...ownProject },

  'Mutation.advanceClock': {
    ask: () => `advanceClock(to: "${new Date(Date.now() + 3_600_000).toISOString()}")`,
    ...ownProject,
  },
  'Mutation.cancelCommitment': {
    ask: (ids) => `cancelCommitment(commitmentId: "${ids.commitmentId}", ${key}) { id }`,
    ...backendOnly,
  },
  'Mutation.cancelSubscription': {
    ask: (ids) => `cancelSubscription(input: { subscriptionId: "${ids.subscriptionId}", at: NOW }) { status }`,
    ...byId,
  },
  'Mutation.changeRateCard': {
    ask: (ids) =>
      `changeRateCard(input: { subscriptionId: "${ids.subscriptionId}", rateCard: "premium", ${checkout} }) { __typename }`,
    ...byId,
  },
  'Mutation.changeCheckout': {
    ask: (ids) => `changeCheckout(token: "${ids.checkoutToken}", quantity: 1) { status }`,
    ...holder,
  },
  'Mutation.confirmCheckout': { ask: (ids) => `confirmCheckout(token: "${ids.checkoutToken}") { status }`, ...holder },
  'Mutation.consume': {
    ask: (ids) =>
      `consume(input: { customerId: "${ids.customerId}", meter: "character_generation", ${key} }) { decision { allowed } }`,
    ...backendOnly,
  },
  'Mutation.createCheckoutSession': {
    ask: (ids) =>
      `createCheckoutSession(input: { customerId: "${ids.customerId}", bundle: "pack-100", ${checkout} }) { token }`,
    ...ownOnly,
  },
  'Mutation.createCustomerToken': {
    ask: (ids) => `createCustomerToken(customerId: "${ids.customerId}") { token }`,
    ...backendOnly,
  },
  'Mutation.createPortalSession': {
    ask: (ids) => `createPortalSession(customerId: "${ids.customerId}", returnUrl: "${URLS.successUrl}") { url }`,
    ...ownOnly,
  },
  'Mutation.createPortalToken': { ask: (ids) => `createPortalToken(token: "${ids.portalToken}") { token }`, ...holder },
  'Mutation.createWallet': {
    ask: (ids) =>
      `createWallet(input: { customerId: "${ids.customerId}", creditType: "credits", name: "theirs" }) { id }`,
    ...backendOnly,
  },
  'Mutation.createCommitment': {
    ask: (ids) =>
      `createCommitment(input: { customerId: "${ids.customerId}", name: "Theirs", endsAt: "2099-01-01T00:00:00Z", money: { amount: "1000", currency: "USD" }, ${key} }) { id }`,
    ...backendOnly,
  },
  'Mutation.createCreditNote': {
    ask: (ids) => `createCreditNote(input: { invoiceId: "${ids.invoiceId}", reason: "Mine", ${key} }) { id }`,
    ...backendOnly,
  },
  'Mutation.defineCreditType': {
    ask: () => `defineCreditType(input: { code: "credits", name: "Taken over" }) { code }`,
    ...ownProject,
  },
  'Mutation.defineMeter': {
    ask: () => `defineMeter(input: { code: "character_generation", eventName: "other", aggregation: COUNT }) { code }`,
    ...ownProject,
  },
  'Mutation.grantCredits': {
    ask: (ids) =>
      `grantCredits(input: { customerId: "${ids.customerId}", creditType: "credits", amount: "1000", ${key} }) { id }`,
    ...backendOnly,
  },
  'Mutation.refundPayment': {
    ask: (ids) => `refundPayment(input: { paymentId: "${ids.paymentId}", ${key} }) { id }`,
    ...backendOnly,
  },
  'Mutation.markInvoiceUncollectible': {
    ask: (ids) => `markInvoiceUncollectible(invoiceId: "${ids.invoiceId}") { id }`,
    ...backendOnly,
  },
  'Mutation.pauseSubscription': {
    ask: (ids) => `pauseSubscription(input: { subscriptionId: "${ids.subscriptionId}" }) { status }`,
    ...backendOnly,
  },
  // Without opening a card page: that would be allowed.
  'Mutation.payCheckout': {
    ask: (ids) => `payCheckout(token: "${ids.checkoutToken}", method: CARD_ON_FILE) { __typename }`,
    neighbour: 'CONFLICT',
    stranger: 'CONFLICT',
    nobody: 'CONFLICT',
  },
  // Paid already: a checkout for one that is open would be allowed.
  'Mutation.payInvoice': {
    ask: (ids) => `payInvoice(token: "${ids.invoiceToken}") { token }`,
    neighbour: 'CONFLICT',
    stranger: 'CONFLICT',
    nobody: 'CONFLICT',
  },
  'Mutation.publishRateCard': {
    ask: () => `publishRateCard(input: { code: "free", name: "Taken over" }) { code }`,
    ...ownProject,
  },
  'Mutation.setAutoTopUp': {
    ask: (ids) =>
      `setAutoTopUp(input: { customerId: "${ids.customerId}", creditType: "credits", enabled: true, threshold: "1", bundle: "pack-100" }) { state }`,
    ...ownOnly,
  },
  'Mutation.purchaseBundle': {
    ask: (ids) =>
      `purchaseBundle(input: { customerId: "${ids.customerId}", bundle: "pack-100", ${checkout}, ${key} }) { __typename }`,
    ...ownOnly,
  },
  'Mutation.recordUsage': {
    ask: (ids) =>
      `recordUsage(events: [{ customerId: "${ids.customerId}", eventName: "character_generation", value: 1, ${key} }]) { results { status } }`,
    neighbour: 'FORBIDDEN',
    stranger: 'REJECTED',
  },
  'Mutation.resumeSubscription': {
    ask: (ids) => `resumeSubscription(subscriptionId: "${ids.subscriptionId}") { status }`,
    ...byId,
  },
  'Mutation.revokeCustomerTokens': {
    ask: (ids) => `revokeCustomerTokens(customerId: "${ids.customerId}")`,
    ...backendOnly,
  },
  'Mutation.setBrand': { ask: () => `setBrand(input: { name: "Taken over" }) { name }`, ...ownProject },
  'Mutation.setAllowedOrigins': { ask: () => `setAllowedOrigins(origins: ["https://evil.example"])`, ...ownProject },
  'Mutation.setEmailSettings': { ask: () => 'setEmailSettings(input: { kinds: [] }) { kinds }', ...ownProject },
  'Mutation.setTaxRate': { ask: () => `setTaxRate(input: { percent: "99" }) { percent }`, ...ownProject },
  'Mutation.subscribe': {
    ask: (ids) =>
      `subscribe(input: { customerId: "${ids.customerId}", rateCard: "starter", ${checkout} }) { __typename }`,
    ...ownOnly,
  },
  'Mutation.upsertCustomer': {
    ask: (ids) => `upsertCustomer(input: { id: "${ids.customerId}", name: "Taken over" }) { id }`,
    ...ownProject,
  },
  'Mutation.voidGrant': { ask: (ids) => `voidGrant(grantId: "${ids.grantId}", ${key}) { id }`, ...backendOnly },
  'Mutation.voidInvoice': { ask: (ids) => `voidInvoice(invoiceId: "${ids.invoiceId}") { id }`, ...backendOnly },
  'Mutation.voidUsage': {
    ask: (ids) => `voidUsage(customerId: "${ids.customerId}", ${key}) { status }`,
    ...backendOnly,
  },

  // Over HTTP a subscription is refused before anybody is asked for; live-balance.test.ts asks over a socket.
  'Subscription.billingState': {
    ask: (ids) => `billingState(customerId: "${ids.customerId}") { version }`,
    neighbour: 'INVALID_INPUT',
    stranger: 'INVALID_INPUT',
    nobody: 'INVALID_INPUT',
  },
}
