import type { BadInput } from './bad-inputs.ts'
import { ADD_PAYMENT_METHOD } from './paying-methods.ts'
import { URLS } from './selling.ts'

// The part of bad-inputs.ts that asks for payment methods.

const adding = (more: object, fault: string): BadInput => ({
  document: ADD_PAYMENT_METHOD,
  variables: { input: { customerId: 'ada', checkout: URLS, idempotencyKey: 'new', ...more } },
  fault,
})
const naming = (field: string, paymentMethodId: string, fault: string): BadInput => ({
  document: `mutation ($id: ID!) { ${field}(customerId: "ada", paymentMethodId: $id) { id } }`,
  variables: { id: paymentMethodId },
  fault,
})
const types = (list: string, fault: string): BadInput => ({
  document: `mutation { setPaymentMethodTypes(types: ${list}) }`,
  variables: {},
  fault,
})

export const BAD_PAYMENT_METHODS: Record<string, BadInput> = {
  'addPaymentMethod: unknown customer': adding({ customerId: 'nobody' }, 'NOT_FOUND customerId'),
  'addPaymentMethod: an empty key': adding({ idempotencyKey: '' }, 'INVALID_INPUT idempotencyKey'),
  'addPaymentMethod: a redirect to another site': adding(
    { checkout: { ...URLS, successUrl: 'https://evil.example/' } },
    'INVALID_INPUT checkout.successUrl',
  ),
  'addPaymentMethod: a redirect that runs a script': adding(
    { checkout: { ...URLS, cancelUrl: 'javascript:alert(1)' } },
    'INVALID_INPUT checkout.cancelUrl',
  ),
  'setDefaultPaymentMethod: an id of something else': naming(
    'setDefaultPaymentMethod',
    `pay_${'0'.repeat(32)}`,
    'NOT_FOUND paymentMethodId',
  ),
  'removePaymentMethod: what is not there': naming(
    'removePaymentMethod',
    `pm_${'0'.repeat(32)}`,
    'NOT_FOUND paymentMethodId',
  ),
  'removePaymentMethod: an id of the provider': naming(
    'removePaymentMethod',
    'pm_card_visa',
    'NOT_FOUND paymentMethodId',
  ),
  'setPaymentMethodTypes: none': types('[]', 'INVALID_INPUT types'),
  'setPaymentMethodTypes: without cards': types('[SEPA_DEBIT]', 'INVALID_INPUT types'),
}
