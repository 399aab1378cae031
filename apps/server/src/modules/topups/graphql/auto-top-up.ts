import { type Bundle, formatAmount, formatMoney, type TopUpState } from '@florin/core'
import { builder } from '../../../graphql/builder.ts'
import { viewerOf } from '../../../graphql/context.ts'
import { offerOf } from '../../catalog/find-bundle.ts'
import { BundleRef, MoneyRef } from '../../catalog/graphql/types.ts'
import type { Catalog } from '../../catalog/read-catalog.ts'
import { linkTopUp } from '../link-top-up.ts'
import type { AutoTopUp } from '../read-auto-top-ups.ts'
import { readTopUpMonths, type TopUpMonthOfType } from '../read-top-up-months.ts'
import { setAutoTopUp } from '../set-auto-top-up.ts'

interface AutoTopUpView {
  readonly creditType: string
  readonly enabled: boolean
  readonly threshold: string
  readonly bundle: Bundle
  readonly maxPerMonth: number | null
  readonly maxSpendPerMonth: string | null
  readonly state: TopUpState
  readonly dueId: string
  readonly dueAt: number | null
}

const AutoTopUpStateEnum = builder.enumType('AutoTopUpState', {
  values: ['READY', 'CHARGING', 'BACKING_OFF', 'NEEDS_CUSTOMER', 'LIMIT_REACHED', 'OFF'] as const,
})

export const AutoTopUpRef = builder.objectRef<AutoTopUpView>('AutoTopUp').implement({
  fields: (t) => ({
    creditType: t.exposeString('creditType'),
    enabled: t.exposeBoolean('enabled'),
    threshold: t.expose('threshold', { type: 'Decimal' }),
    bundle: t.expose('bundle', { type: BundleRef }),
    maxPerMonth: t.exposeInt('maxPerMonth', { nullable: true }),
    maxSpendPerMonth: t.expose('maxSpendPerMonth', { type: 'Decimal', nullable: true }),
    state: t.expose('state', { type: AutoTopUpStateEnum }),
    nextAttemptAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it is tried again: an hour after a decline, or when the month ends whose limit was reached.',
      resolve: ({ state, dueAt }) => (state === 'BACKING_OFF' || state === 'LIMIT_REACHED' ? dueAt : null),
    }),
    actionUrl: t.string({
      nullable: true,
      description:
        'Where the customer tops up themselves, and with that puts a payment method on file; null unless they are needed.',
      resolve: (topUp, _, context) => actionUrlOf(topUp, context.app.publicUrl, viewerOf(context).project),
    }),
  }),
})

/** Where the customer makes a top-up that needs them; null where it doesn't. */
export function actionUrlOf(
  { state, dueId }: Pick<AutoTopUp, 'state' | 'dueId'>,
  publicUrl: string,
  project: Parameters<typeof linkTopUp>[1],
): string | null {
  return state === 'NEEDS_CUSTOMER' ? linkTopUp(publicUrl, project, dueId) : null
}

/** A switch as the API shows it, with the bundle of the version that the customer agreed to. */
export function autoTopUpView(topUp: AutoTopUp, catalog: Catalog): AutoTopUpView {
  const card = catalog.versionsByPk.get(topUp.cardPk)
  const creditType = catalog.creditTypesByPk.get(topUp.creditTypePk)
  if (!card || !creditType) throw new Error(`the catalogue lacks version ${topUp.cardPk}`)
  const { bundle } = offerOf(card, topUp.bundleCode)
  const { threshold, maxSpendMinor: minor, enabled, maxPerMonth, state, dueId, dueAt } = topUp
  return {
    creditType: creditType.code,
    enabled,
    threshold: formatAmount(threshold),
    bundle,
    maxPerMonth,
    maxSpendPerMonth: minor === null ? null : formatMoney({ minor, currency: bundle.price.currency }),
    state,
    dueId,
    dueAt,
  }
}

const AutoTopUpInput = builder.inputType('AutoTopUpInput', {
  fields: (t) => ({
    customerId: t.id({ required: true }),
    creditType: t.string({ required: true }),
    enabled: t.boolean({ required: true }),
    threshold: t.field({ type: 'Decimal', required: true }),
    bundle: t.string({ required: true }),
    maxPerMonth: t.int(),
    maxSpendPerMonth: t.field({ type: 'Decimal' }),
  }),
})

const TopUpMonthRef = builder.objectRef<TopUpMonthOfType>('TopUpMonth').implement({
  description: "What the limits of an automatic top-up count in the customer's running month.",
  fields: (t) => ({
    creditType: t.exposeString('creditType'),
    count: t.exposeInt('charges', { description: 'How often it has bought, or is about to.' }),
    spent: t.field({
      type: MoneyRef,
      description: 'Tax included.',
      resolve: ({ spent: minor, currency }) => ({ minor, currency }),
    }),
    resetsAt: t.field({ type: 'DateTime', resolve: ({ month }) => month.end }),
  }),
})

builder.queryFields((t) => ({
  topUpMonths: t.field({
    access: 'customer',
    type: [TopUpMonthRef],
    description: 'One for each of `autoTopUps`.',
    args: { customerId: t.arg.id({ required: true }) },
    resolve: (_, { customerId }, context) => readTopUpMonths(context.app, viewerOf(context).project, customerId),
  }),
}))

builder.mutationFields((t) => ({
  setAutoTopUp: t.field({
    access: 'customer',
    type: AutoTopUpRef,
    description:
      'Buys bundles by itself whenever the balance falls to `threshold`: as many as lift it above, within the limits of the local month. On with a balance that low, it tops up at once.',
    args: { input: t.arg({ type: AutoTopUpInput, required: true }) },
    resolve: async (_, { input }, context) => {
      const viewer = viewerOf(context)
      const topUp = await setAutoTopUp(context.app, viewer, input)
      return autoTopUpView(topUp, await context.app.catalog.fresh(viewer.project.id))
    },
  }),
}))
