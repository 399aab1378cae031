import { dataOf } from './calls.ts'
import { type Checkout, payCheckout } from './pay-checkout.ts'
import { URLS } from './selling.ts'
import type { Peer } from './stack.ts'

// What customers have saved to pay with: adding, choosing and removing it.

type Ask = Pick<Peer, 'query'>

export interface Method {
  readonly id: string
  readonly type: 'CARD' | 'SEPA_DEBIT'
  readonly brand: string
  readonly last4: string
  readonly expMonth: number
  readonly expYear: number
  readonly isDefault: boolean
}

const FIELDS = 'id type brand last4 expMonth expYear isDefault'

export const ADD_PAYMENT_METHOD = `mutation ($input: AddPaymentMethodInput!) { addPaymentMethod(input: $input) { token url } }`

/** Opens a page to save a method on. Answers its token. */
export async function openSetup(to: Ask, customerId: string, input: object = {}, as?: string): Promise<string> {
  const all = { customerId, checkout: URLS, idempotencyKey: `setup-${Math.random()}`, ...input }
  const answer = to.query<{ addPaymentMethod: { token: string } }>(ADD_PAYMENT_METHOD, { input: all }, as)
  return (await dataOf(answer)).addPaymentMethod.token
}

/** The whole way: a page is opened, a card is typed, and the customer comes back. */
export async function addMethod(to: Ask, customerId: string, number?: string, input: object = {}): Promise<Checkout> {
  return payCheckout(to, await openSetup(to, customerId, input), number)
}

export async function methodsOf(to: Ask, customerId: string): Promise<readonly Method[]> {
  const document = `query ($id: ID!) { paymentMethods(customerId: $id) { ${FIELDS} } }`
  return (await dataOf(to.query<{ paymentMethods: Method[] }>(document, { id: customerId }))).paymentMethods
}

/** "4242 default, 5556". */
export function namesOf(methods: readonly Method[]): string {
  return methods.map(({ last4, isDefault }) => `${last4}${isDefault ? ' default' : ''}`).join(', ')
}

export function askChange(to: Ask, field: 'setDefault' | 'remove', customerId: string, last4: string, as?: string) {
  const document = `mutation ($customerId: ID!, $id: ID!) { answer: ${field}PaymentMethod(customerId: $customerId, paymentMethodId: $id) { ${FIELDS} } }`
  return methodsOf(to, customerId).then((methods) => {
    const id = methods.find((method) => method.last4 === last4)?.id
    return to.query<{ answer: Method[] }>(document, { customerId, id }, as)
  })
}

export async function setDefault(to: Ask, customerId: string, last4: string): Promise<string> {
  return namesOf((await dataOf(askChange(to, 'setDefault', customerId, last4))).answer)
}

export async function removeMethod(to: Ask, customerId: string, last4: string): Promise<string> {
  return namesOf((await dataOf(askChange(to, 'remove', customerId, last4))).answer)
}
