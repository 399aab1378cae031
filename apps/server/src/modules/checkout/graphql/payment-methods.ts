import { builder } from '../../../graphql/builder.ts'
import { viewerOf } from '../../../graphql/context.ts'
import { linkTo } from '../../payments/checkout-session.ts'
import { CheckoutUrlsInput } from '../../payments/graphql.ts'
import { addPaymentMethod } from '../add-payment-method.ts'
import { CheckoutSessionRef } from './checkout.ts'

const AddPaymentMethodInput = builder.inputType('AddPaymentMethodInput', {
  fields: (t) => ({
    customerId: t.id({ required: true }),
    checkout: t.field({ type: CheckoutUrlsInput, required: true }),
    makeDefault: t.boolean({
      defaultValue: false,
      description: 'Charge renewals and top-ups to it from then on. The first one is charged anyway.',
    }),
    idempotencyKey: t.string({ required: true }),
  }),
})

builder.mutationFields((t) => ({
  addPaymentMethod: t.field({
    access: 'customer',
    type: CheckoutSessionRef,
    description:
      'Opens a page on which the customer saves a payment method and is charged nothing. The same card saved again is one method. What waited for a method is tried with it at once: an unpaid invoice of a subscription, and automatic top-ups.',
    args: { input: t.arg({ type: AddPaymentMethodInput, required: true }) },
    resolve: async (_, { input }, context) => {
      const { project } = viewerOf(context)
      return linkTo(context.app.publicUrl, project, await addPaymentMethod(context.app, project, input))
    },
  }),
}))
