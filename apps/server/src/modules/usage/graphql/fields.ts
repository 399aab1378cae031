import { builder } from '../../../graphql/builder.ts'
import { viewerOf } from '../../../graphql/context.ts'
import type { Project } from '../../accounts/viewer.ts'
import { AccessDecisionRef } from '../../billing-state/graphql/access.ts'
import { BillingStateRef } from '../../billing-state/graphql/state.ts'
import { type Consumed, consume } from '../consume.ts'
import { readUsage, type UsageBucket } from '../read-usage.ts'
import { readUsageTotals, type UsageTotal } from '../read-usage-totals.ts'
import { recordUsage } from '../record-usage.ts'
import { type RecordedUsage, totalsOf, type UsageError } from '../recorded-usage.ts'
import type { StoredDraw } from '../spend-request.ts'
import { voidUsage } from '../void-usage.ts'

const UsageStatusEnum = builder.enumType('UsageStatus', {
  values: ['RECORDED', 'DUPLICATE', 'REJECTED', 'VOIDED'] as const,
})

const UsageErrorRef = builder.objectRef<UsageError>('UsageError').implement({
  fields: (t) => ({
    code: t.exposeString('code'),
    field: t.exposeString('field', { nullable: true }),
    message: t.exposeString('message'),
  }),
})

const UsageDrawRef = builder.objectRef<StoredDraw>('UsageDraw').implement({
  fields: (t) => ({
    meter: t.exposeString('meter'),
    creditType: t.exposeString('creditType'),
    quantity: t.expose('quantity', { type: 'Decimal' }),
    credits: t.expose('credits', { type: 'Decimal' }),
    overage: t.expose('overage', { type: 'Decimal' }),
    uncovered: t.expose('uncovered', { type: 'Decimal' }),
    available: t.expose('available', { type: 'Decimal' }),
  }),
})

const RecordedUsageRef = builder.objectRef<RecordedUsage>('RecordedUsage').implement({
  description:
    'One event may feed several meters (input and output tokens, say): `draws` has each; the fields beside it are theirs where there is just one, else sums where all draw on one credit type, else null.',
  fields: (t) => {
    const total = (field: keyof NonNullable<ReturnType<typeof totalsOf>>) =>
      t.field({ type: 'Decimal', nullable: true, resolve: (usage) => totalsOf(usage)?.[field] ?? null })
    return {
      idempotencyKey: t.exposeString('idempotencyKey'),
      status: t.expose('status', { type: UsageStatusEnum }),
      error: t.expose('error', { type: UsageErrorRef, nullable: true }),
      draws: t.expose('draws', { type: [UsageDrawRef] }),
      meter: t.string({
        nullable: true,
        resolve: ({ draws }) => (draws.length === 1 ? (draws[0]?.meter ?? null) : null),
      }),
      quantity: total('quantity'),
      credits: total('credits'),
      overage: total('overage'),
      uncovered: total('uncovered'),
      available: total('available'),
      version: t.expose('version', { type: 'SafeInt', nullable: true }),
    }
  },
})

const RecordUsagePayload = builder.objectRef<RecordedUsage[]>('RecordUsagePayload').implement({
  fields: (t) => ({ results: t.field({ type: [RecordedUsageRef], resolve: (results) => results }) }),
})

export const ConsumePayload = builder
  .objectRef<Consumed & { readonly project: Project; readonly customerId: string }>('ConsumePayload')
  .implement({
    fields: (t) => ({
      decision: t.expose('decision', { type: AccessDecisionRef }),
      usage: t.expose('usage', { type: RecordedUsageRef, nullable: true }),
      billingState: t.field({
        type: BillingStateRef,
        resolve: ({ project, customerId }, _, { app }) => app.readBillingState(project, customerId),
      }),
    }),
  })

const UsageEventInput = builder.inputType('UsageEventInput', {
  fields: (t) => ({
    customerId: t.id({ required: true }),
    eventName: t.string({ required: true }),
    idempotencyKey: t.string({
      required: true,
      description: 'Unique for the customer. Sent again, the event counts once and the first result is returned.',
    }),
    value: t.field({ type: 'Decimal', description: 'Shorthand for a property named as the meter wants it.' }),
    properties: t.field({ type: 'JSON' }),
    timestamp: t.field({
      type: 'DateTime',
      description: 'When it happened; now if left out. Late events count in the period they belong to.',
    }),
  }),
})

const ConsumeInput = builder.inputType('ConsumeInput', {
  fields: (t) => ({
    customerId: t.id({ required: true }),
    meter: t.string({ required: true }),
    quantity: t.field({ type: 'Decimal', defaultValue: '1' }),
    properties: t.field({ type: 'JSON' }),
    idempotencyKey: t.string({ required: true }),
  }),
})

const GranularityEnum = builder.enumType('Granularity', { values: ['HOUR', 'DAY', 'MONTH'] as const })

const UsageBucketRef = builder.objectRef<UsageBucket>('UsageBucket').implement({
  fields: (t) => ({
    start: t.expose('start', { type: 'DateTime' }),
    end: t.expose('end', { type: 'DateTime' }),
    quantity: t.expose('quantity', { type: 'Decimal' }),
    credits: t.expose('credits', { type: 'Decimal' }),
    group: t.exposeString('group', { nullable: true }),
  }),
})

const UsageTotalRef = builder.objectRef<UsageTotal>('UsageTotal').implement({
  description: 'What a meter counted in a span of time.',
  fields: (t) => ({
    meter: t.string({ resolve: ({ meter }) => meter.code }),
    name: t.string({ description: "The meter's, for people.", resolve: ({ meter }) => meter.name }),
    quantity: t.expose('quantity', { type: 'Decimal' }),
    credits: t.expose('credits', { type: 'Decimal', description: 'What it drew.' }),
    groupBy: t.stringList({
      description: 'Properties by which a customer may group it.',
      resolve: ({ meter }) => [...meter.groupBy],
    }),
  }),
})

builder.queryFields((t) => ({
  usageTotals: t.field({
    access: 'customer',
    type: [UsageTotalRef],
    description:
      'Of each meter that counted anything, also of those that no card of the customer rates any more; those that cost most come first.',
    args: {
      customerId: t.arg.id({ required: true }),
      from: t.arg({ type: 'DateTime', required: true }),
      to: t.arg({ type: 'DateTime', required: true }),
    },
    resolve: (_, args, context) => readUsageTotals(context.app, viewerOf(context).project, args),
  }),
  usage: t.field({
    access: 'customer',
    type: [UsageBucketRef],
    args: {
      customerId: t.arg.id({ required: true }),
      meter: t.arg.string({ required: true }),
      from: t.arg({ type: 'DateTime', required: true }),
      to: t.arg({ type: 'DateTime', required: true }),
      granularity: t.arg({ type: GranularityEnum, required: true, defaultValue: 'DAY' }),
      groupBy: t.arg.string({
        description: "A property of the events; a customer's is one that the meter names in its `groupBy`.",
      }),
    },
    resolve: (_, args, context) => readUsage(context.app, viewerOf(context), args),
  }),
}))

builder.mutationFields((t) => ({
  recordUsage: t.field({
    access: 'secret',
    type: RecordUsagePayload,
    description:
      'Records what has happened: always kept, never refused for lack of credits. One result for each event, in order.',
    args: { events: t.arg({ type: [UsageEventInput], required: true }) },
    resolve: (_, { events }, context) => recordUsage(context.app, viewerOf(context).project, events),
  }),
  consume: t.field({
    access: 'secret',
    type: ConsumePayload,
    description:
      'Decides and spends in one atomic step: either the whole quantity is allowed and drawn, or nothing is.',
    args: { input: t.arg({ type: ConsumeInput, required: true }) },
    resolve: async (_, { input }, context) => {
      const { project } = viewerOf(context)
      return { ...(await consume(context.app, project, input)), project, customerId: input.customerId }
    },
  }),
  voidUsage: t.field({
    access: 'secret',
    type: RecordedUsageRef,
    description: 'Gives back what one event drew, once, to the grants it came from.',
    args: { customerId: t.arg.id({ required: true }), idempotencyKey: t.arg.string({ required: true }) },
    resolve: (_, args, context) => voidUsage(context.app, viewerOf(context).project, args),
  }),
}))
