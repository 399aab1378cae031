import type { BadInput } from './bad-inputs.ts'
import { REFUND_PAYMENT } from './refunding.ts'

// The part of bad-inputs.ts that asks for refunds, and for what there is to refund.

const refunding = (more: object, fault: string): BadInput => ({
  document: REFUND_PAYMENT,
  variables: { input: { paymentId: `pay_${'0'.repeat(32)}`, idempotencyKey: 'new', ...more } },
  fault,
})

export const BAD_REFUNDS: Record<string, BadInput> = {
  'refundPayment: no such payment': refunding({ paymentId: 'pay_1' }, 'NOT_FOUND paymentId'),
  'refundPayment: an id of something else': refunding({ paymentId: `gr_${'0'.repeat(32)}` }, 'NOT_FOUND paymentId'),
  'refundPayment: an empty reason': refunding({ reason: '' }, 'INVALID_INPUT reason'),
  'refundPayment: a reason with a NUL': refunding({ reason: 'a\u0000' }, 'INVALID_INPUT reason'),
  'payments: a page of 101': {
    document: `{ payments(customerId: "ada", first: 101) { nodes { id } } }`,
    variables: {},
    fault: 'INVALID_INPUT first',
  },
}
