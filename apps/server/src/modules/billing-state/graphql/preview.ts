import { builder } from '../../../graphql/builder.ts'
import { viewerOf } from '../../../graphql/context.ts'
import { MoneyRef } from '../../catalog/graphql/types.ts'
import { InvoiceLineRef } from '../../invoices/graphql.ts'
import { ChangeRateCardInput } from '../../subscriptions/graphql/fields.ts'
import { type BillingState, balancesOf } from '../assemble-billing-state.ts'
import { type ChangePreview, previewRateCardChange } from '../preview-rate-card-change.ts'
import { BalanceRef } from './state.ts'

const balances = (state: BillingState) => balancesOf(state).map((balance) => ({ state, balance }))

/** Sums as they would be; of the grants only those that are there already, because a new one has no wallet to show yet. */
function balancesAfter({ before, after }: ChangePreview) {
  const known = new Set(before.account.grants.map(({ id }) => id))
  return balances(after).map(({ state, balance }) => ({
    state,
    balance: { ...balance, grants: balance.grants.filter(({ id }) => known.has(id)) },
  }))
}

const RateCardChangePreview = builder.objectRef<ChangePreview>('RateCardChangePreview').implement({
  description:
    'Money and credits, before and after. `dueNow` is what would be charged at once; a negative amount becomes account credit.',
  fields: (t) => ({
    effectiveAt: t.expose('effectiveAt', { type: 'DateTime' }),
    dueNow: t.expose('dueNow', { type: MoneyRef }),
    lines: t.field({ type: [InvoiceLineRef], resolve: ({ lines }) => [...lines] }),
    nextRenewal: t.field({ type: MoneyRef, resolve: ({ nextRenewal }) => nextRenewal.amount }),
    nextRenewalAt: t.field({ type: 'DateTime', resolve: ({ nextRenewal }) => nextRenewal.at }),
    balancesBefore: t.field({ type: [BalanceRef], resolve: ({ before }) => balances(before) }),
    balancesAfter: t.field({ type: [BalanceRef], resolve: balancesAfter }),
  }),
})

builder.queryFields((t) => ({
  previewRateCardChange: t.field({
    access: 'customer',
    type: RateCardChangePreview,
    description: 'What `changeRateCard` would do, in money and in credits, without doing it.',
    args: { input: t.arg({ type: ChangeRateCardInput, required: true }) },
    resolve: (_, { input }, context) => previewRateCardChange(context.app, viewerOf(context), input),
  }),
}))
