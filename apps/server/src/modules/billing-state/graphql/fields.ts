import { builder } from '../../../graphql/builder.ts'
import { viewerOf } from '../../../graphql/context.ts'
import { checkAccess } from '../check-access.ts'
import { AccessDecisionRef, accessView } from './access.ts'
import { BillingStateRef } from './state.ts'

builder.queryFields((t) => ({
  billingState: t.field({
    access: 'customer',
    type: BillingStateRef,
    description:
      'What the customer has and may do now. Reflects every usage event, grant and payment acknowledged before it was asked.',
    args: { customerId: t.arg.id({ required: true }) },
    resolve: (_, { customerId }, context) => context.app.readBillingState(viewerOf(context).project, customerId),
  }),
  check: t.field({
    access: 'customer',
    type: AccessDecisionRef,
    description: 'Would this usage be allowed now? Reads only; `consume` decides and spends in one step.',
    args: {
      customerId: t.arg.id({ required: true }),
      meter: t.arg.string({ required: true }),
      quantity: t.arg({ type: 'Decimal', defaultValue: '1' }),
      properties: t.arg({ type: 'JSON' }),
    },
    resolve: async (_, args, context) => {
      const { state, meter, decision, asked } = await checkAccess(context.app, viewerOf(context).project, args)
      return accessView(state, meter, decision, asked)
    },
  }),
}))

builder.subscriptionFields((t) => ({
  billingState: t.field({
    access: 'customer',
    type: BillingStateRef,
    description:
      'Sends the current state at once, then each newer one. Versions only grow; after any gap the newest state follows by itself.',
    args: { customerId: t.arg.id({ required: true }) },
    subscribe: (_, { customerId }, context) =>
      context.app.billingStateFeed.watch(viewerOf(context).project, customerId),
    resolve: (state) => state,
  }),
}))
