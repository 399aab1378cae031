import { builder } from '../../../graphql/builder.ts'
import { viewerOf } from '../../../graphql/context.ts'
import { CustomerRef } from '../../accounts/graphql.ts'
import { BalanceAlertRef } from '../../billing-state/graphql/open-items.ts'
import { setBalanceAlerts } from '../set-balance-alerts.ts'
import { setSpendLimit } from '../set-spend-limit.ts'

const AlertThresholdInput = builder.inputType('AlertThresholdInput', {
  isOneOf: true,
  fields: (t) => ({
    percent: t.field({ type: 'Decimal', description: 'Of what was granted: "20" tells when a fifth is left.' }),
    amount: t.field({ type: 'Decimal', description: 'Credits that are left.' }),
  }),
})

const BalanceAlertsInput = builder.inputType('BalanceAlertsInput', {
  fields: (t) => ({
    customerId: t.id({ description: 'Left out: for all customers of the project.' }),
    creditType: t.string({ required: true }),
    thresholds: t.field({ type: [AlertThresholdInput], required: true }),
  }),
})

builder.mutationFields((t) => ({
  setBalanceAlerts: t.field({
    access: 'secret',
    type: [BalanceAlertRef],
    description:
      'Tells (event `balance.threshold_crossed`) when a balance falls to a threshold: once for each, until a refill arms it again.',
    args: { input: t.arg({ type: BalanceAlertsInput, required: true }) },
    resolve: async (_, { input }, context) => setBalanceAlerts(context.app, viewerOf(context).project, input),
  }),
  setSpendLimit: t.field({
    access: 'customer',
    type: CustomerRef,
    description: 'The most overage money in a billing period. Null: no limit.',
    args: { customerId: t.arg.id({ required: true }), limit: t.arg({ type: 'Decimal' }) },
    resolve: (_, { customerId, limit }, context) =>
      setSpendLimit(context.app, viewerOf(context).project, customerId, limit ?? null),
  }),
}))
