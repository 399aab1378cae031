import { formatAmount, ONE } from '@florin/core'
import { builder } from '../../../graphql/builder.ts'
import { viewerOf } from '../../../graphql/context.ts'
import type { Project } from '../../accounts/viewer.ts'
import { FeatureStateRef, MoneyRef } from '../../catalog/graphql/types.ts'
import type { CatalogMeter } from '../../catalog/read-catalog.ts'
import { CommitmentRef } from '../../commitments/graphql.ts'
import { invoiceToken, linkInvoice } from '../../invoices/link-invoice.ts'
import { storeGrant } from '../../ledger/grant-state.ts'
import { BudgetRef } from '../../ledger/graphql/budget.ts'
import { GrantRef } from '../../ledger/graphql.ts'
import { type StoredWatch, thresholdOf } from '../../ledger/read-watches.ts'
import { viewBudget } from '../../ledger/set-budget.ts'
import { PaymentMethodRef } from '../../payments/graphql.ts'
import { SubscriptionStateRef } from '../../subscriptions/graphql/state.ts'
import { AutoTopUpRef, actionUrlOf, autoTopUpView } from '../../topups/graphql/auto-top-up.ts'
import { snapshotOf } from '../../usage/decide-hold.ts'
import { HoldRef } from '../../usage/graphql/hold.ts'
import { overageSpendOf, quantityOf, usualAccess } from '../access-in.ts'
import {
  type Balance,
  type BillingState,
  balancesOf,
  heldCardsOf,
  holdsOf,
  metersOf,
  openInvoiceOf,
  runningCommitments,
  versionOf,
} from '../assemble-billing-state.ts'
import { featuresOf } from '../features-of.ts'
import { AccessDecisionRef, accessView } from './access.ts'
import { BalanceAlertRef } from './open-items.ts'

interface BalanceView {
  readonly state: BillingState
  readonly balance: Balance
}

export const BalanceRef = builder.objectRef<BalanceView>('Balance').implement({
  fields: (t) => {
    const credits = (
      field: 'available' | 'held' | 'frozen' | 'debt' | 'granted' | 'used' | 'overage' | 'uncovered',
      description = '',
    ) => t.field({ type: 'Decimal', description, resolve: ({ balance }) => formatAmount(balance[field]) })
    return {
      creditType: t.string({
        resolve: ({ state, balance }) => state.catalog.creditTypesByPk.get(balance.creditType)?.code ?? '',
      }),
      name: t.string({
        description: "The credit type's, for people.",
        resolve: ({ state, balance }) => state.catalog.creditTypesByPk.get(balance.creditType)?.name ?? '',
      }),
      precision: t.int({
        description: 'Decimals to show.',
        resolve: ({ state, balance }) => state.catalog.creditTypesByPk.get(balance.creditType)?.precision ?? 0,
      }),
      available: credits('available', 'What can be spent now: granted and unexpired, less spent, less held.'),
      held: credits('held', 'Reserved by open holds.'),
      frozen: credits('frozen', 'Kept back while the payments that bought them are in dispute.'),
      debt: credits('debt', 'Spent, and refunded since: the next credits that are paid for settle it first.'),
      granted: credits(
        'granted',
        "Of the current period's allowance plus other live grants: what was granted, and what of it was spent.",
      ),
      used: credits('used'),
      overage: credits('overage', 'Spent beyond the grants in this period, to be invoiced.'),
      uncovered: credits(
        'uncovered',
        'Recorded beyond the grants where the card does not allow overage: neither covered nor charged.',
      ),
      overageAllowed: t.boolean({ resolve: ({ balance }) => balance.overageAllowed }),
      resetsAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When the next allowance arrives; null without one.',
        resolve: ({ balance }) => balance.resetsAt,
      }),
      nextExpiryAt: t.field({ type: 'DateTime', nullable: true, resolve: ({ balance }) => balance.nextExpiryAt }),
      grants: t.field({
        type: [GrantRef],
        description: 'In drawdown order.',
        resolve: ({ balance }) => balance.grants.map(storeGrant),
      }),
    }
  },
})

interface MeterView {
  readonly state: BillingState
  readonly meter: CatalogMeter
  readonly creditType: number
  readonly payerId: string
}

const MeterStateRef = builder.objectRef<MeterView>('MeterState').implement({
  fields: (t) => ({
    meter: t.string({ resolve: ({ meter }) => meter.code }),
    name: t.string({ description: "The meter's, for people.", resolve: ({ meter }) => meter.name }),
    groupBy: t.stringList({
      description: 'Properties by which a customer may group their usage.',
      resolve: ({ meter }) => [...meter.groupBy],
    }),
    creditType: t.string({
      resolve: ({ state, creditType }) => state.catalog.creditTypesByPk.get(creditType)?.code ?? '',
    }),
    quantity: t.field({
      type: 'Decimal',
      description:
        "Metered quantity in the current period; of a period that somebody above pays for, the customer's own part (to the quarter of an hour).",
      resolve: ({ state, meter }) => formatAmount(quantityOf(state, meter)),
    }),
    payer: t.id({
      description: 'Whose pools pay: the customer, or the nearest above with a card that rates the meter.',
      resolve: ({ payerId }) => payerId,
    }),
    access: t.field({
      type: AccessDecisionRef,
      description: 'The decision for the smallest usual usage (quantity 1).',
      resolve: ({ state, meter }) =>
        accessView(state, meter, usualAccess(state, meter), { quantity: ONE, properties: {} }),
    }),
  }),
})

function toAlert(watch: StoredWatch) {
  return { creditType: watch.creditTypeCode, ...thresholdOf(watch), armed: watch.armed }
}

function subscriptionsIn(state: BillingState) {
  return heldCardsOf(state).map(({ subscription, card }) => ({
    subscription,
    card: card.card,
    pendingCard: state.catalog.versionsByPk.get(subscription.pendingCardPk ?? -1)?.card ?? null,
  }))
}

/** An invoice comes first: its subscription ends with it. */
function actionUrlIn(state: BillingState, publicUrl: string, project: Project): string | null {
  const invoiceId = openInvoiceOf(state)
  if (invoiceId) return linkInvoice(publicUrl, invoiceToken(project, invoiceId)).pageUrl
  return state.autoTopUps.map((topUp) => actionUrlOf(topUp, publicUrl, project)).find((url) => url !== null) ?? null
}

export const BillingStateRef = builder.objectRef<BillingState>('BillingState').implement({
  fields: (t) => ({
    customerId: t.exposeID('customerId'),
    version: t.field({
      type: 'SafeInt',
      description: 'Strictly grows with every change of anything in this object.',
      resolve: versionOf,
    }),
    at: t.expose('at', { type: 'DateTime' }),
    subscriptions: t.field({
      type: [SubscriptionStateRef],
      resolve: subscriptionsIn,
    }),
    balances: t.field({
      type: [BalanceRef],
      description: 'One for each credit type the customer has ever had.',
      resolve: (state) => balancesOf(state).map((balance) => ({ state, balance })),
    }),
    meters: t.field({
      type: [MeterStateRef],
      description:
        'One for each meter on the rate cards of the customer and of those above, also before the first event.',
      resolve: (state) => metersOf(state).map((found) => ({ state, ...found })),
    }),
    features: t.field({
      type: [FeatureStateRef],
      description: "Feature switches and values of the customer's rate cards.",
      resolve: (state) => [...featuresOf(state)].map(([feature, value]) => ({ feature, value })),
    }),
    holds: t.field({
      type: [HoldRef],
      description: 'Open holds, oldest first.',
      resolve: (state) => holdsOf(state).map((hold) => snapshotOf(hold, state)),
    }),
    budgets: t.field({
      type: [BudgetRef],
      description: "The customer's own. What those above have left stands in the decisions only.",
      resolve: ({ budgets }) => budgets.map(viewBudget),
    }),
    autoTopUps: t.field({
      type: [AutoTopUpRef],
      description: 'Top-up switches with their state.',
      resolve: ({ autoTopUps, catalog }) => autoTopUps.map((topUp) => autoTopUpView(topUp, catalog)),
    }),
    alerts: t.field({
      type: [BalanceAlertRef],
      description: 'Alerts with whether they are armed.',
      resolve: ({ watches }) => watches.filter(({ kind }) => kind === 'ALERT').map(toAlert),
    }),
    spendLimit: t.field({
      type: 'Decimal',
      nullable: true,
      description: "The most overage money in a billing period, in the card's currency.",
      resolve: ({ spendLimit }) => (spendLimit === null ? null : formatAmount(spendLimit)),
    }),
    accountCredit: t.field({
      type: MoneyRef,
      nullable: true,
      description: 'Money the next invoices use first.',
      resolve: ({ accountCredit }) => accountCredit,
    }),
    actionUrl: t.string({
      nullable: true,
      description: 'Where the customer can settle what is due or confirm with their bank; null when nothing is.',
      resolve: (state, _, context) => actionUrlIn(state, context.app.publicUrl, viewerOf(context).project),
    }),
    paymentMethod: t.expose('paymentMethod', { type: PaymentMethodRef, nullable: true }),
  }),
})

builder.objectField(BillingStateRef, 'commitments', (t) =>
  t.field({
    type: [CommitmentRef],
    description: 'Contracts that have not ended; those that end first come first.',
    resolve: runningCommitments,
  }),
)

builder.objectField(BillingStateRef, 'overageSpend', (t) =>
  t.field({
    type: [MoneyRef],
    description:
      'What the overage of the running periods comes to so far, without tax: what `spendLimit` limits, in each currency. Empty where no card charges overage.',
    resolve: overageSpendOf,
  }),
)
