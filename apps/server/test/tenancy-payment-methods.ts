import { URLS } from './selling.ts'
import type { Row } from './tenancy-matrix.ts'

// The part of tenancy-matrix.ts that is about what customers have saved to pay with.

const checkout = `checkout: { successUrl: "${URLS.successUrl}", cancelUrl: "${URLS.cancelUrl}" }`
const key = 'idempotencyKey: "attack"'
const ownOnly = { neighbour: 'FORBIDDEN', stranger: 'NOT_FOUND' }
const ownProject = { neighbour: 'FORBIDDEN', stranger: 'allowed' }
/** Whose it is shows before whether it is there. */
const methodId = `pm_${'0'.repeat(32)}`

export const PAYMENT_METHOD_ROWS: Record<string, Row> = {
  'Query.paymentMethods': { ask: (ids) => `paymentMethods(customerId: "${ids.customerId}") { id }`, ...ownOnly },
  'Mutation.addPaymentMethod': {
    ask: (ids) => `addPaymentMethod(input: { customerId: "${ids.customerId}", ${checkout}, ${key} }) { token }`,
    ...ownOnly,
  },
  'Mutation.removePaymentMethod': {
    ask: (ids) => `removePaymentMethod(customerId: "${ids.customerId}", paymentMethodId: "${methodId}") { id }`,
    ...ownOnly,
  },
  'Mutation.setDefaultPaymentMethod': {
    ask: (ids) => `setDefaultPaymentMethod(customerId: "${ids.customerId}", paymentMethodId: "${methodId}") { id }`,
    ...ownOnly,
  },
  'Mutation.setPaymentMethodTypes': { ask: () => 'setPaymentMethodTypes(types: [CARD])', ...ownProject },
}
