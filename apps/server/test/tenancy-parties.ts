import type { Row } from './tenancy-matrix.ts'

// The part of tenancy-matrix.ts that is about who invoices are from and for.

const ownOnly = { neighbour: 'FORBIDDEN', stranger: 'NOT_FOUND' }
const ownProject = { neighbour: 'FORBIDDEN', stranger: 'allowed' }

export const PARTY_ROWS: Record<string, Row> = {
  'Query.seller': { ask: () => 'seller { legalName }', ...ownProject },
  'Query.billingDetails': {
    ask: ({ customerId: id }) => `billingDetails(customerId: "${id}") { name email taxId }`,
    ...ownOnly,
  },
  'Query.taxRate': { ask: ({ customerId: id }) => `taxRate(customerId: "${id}") { percent }`, ...ownOnly },
  'Mutation.setSeller': { ask: () => 'setSeller(input: { legalName: "Taken over" }) { legalName }', ...ownProject },
  'Mutation.setBillingDetails': {
    ask: ({ customerId: id }) =>
      `setBillingDetails(input: { customerId: "${id}", name: "Taken over", email: "thief@example.com" }) { id }`,
    ...ownOnly,
  },
}
