import { builder } from '../../../graphql/builder.ts'
import { viewerOf } from '../../../graphql/context.ts'
import { type BudgetView, setBudget } from '../set-budget.ts'

const BudgetPeriodEnum = builder.enumType('BudgetPeriod', {
  description: "Of the customer's calendar, in their time zone; weeks begin on Monday. TOTAL never begins anew.",
  values: ['DAY', 'WEEK', 'MONTH', 'YEAR', 'TOTAL'] as const,
})

export const BudgetRef = builder.objectRef<BudgetView>('Budget').implement({
  description: 'The most that a customer and all below them may use of a credit type in a period.',
  fields: (t) => ({
    creditType: t.exposeString('creditType'),
    limit: t.expose('limit', { type: 'Decimal' }),
    period: t.expose('period', { type: BudgetPeriodEnum }),
    spent: t.expose('spent', {
      type: 'Decimal',
      description: 'Used in the running period, by grants and beyond them, and reserved by open holds.',
    }),
    remaining: t.expose('remaining', { type: 'Decimal' }),
    resetsAt: t.expose('resetsAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the next period begins; null for TOTAL.',
    }),
  }),
})

const BudgetInput = builder.inputType('BudgetInput', {
  fields: (t) => ({
    customerId: t.id({ required: true }),
    creditType: t.string({ required: true }),
    limit: t.field({ type: 'Decimal', description: 'Credits; null removes the budget.' }),
    period: t.field({ type: BudgetPeriodEnum, required: true, defaultValue: 'MONTH' }),
  }),
})

builder.mutationFields((t) => ({
  setBudget: t.field({
    access: 'secret',
    type: BudgetRef,
    nullable: true,
    description:
      'Limits what a customer and all below them use of a credit type in a period, counting from now on. Another limit keeps what the period has counted; another period counts anew.',
    args: { input: t.arg({ type: BudgetInput, required: true }) },
    resolve: (_, { input }, context) => setBudget(context.app, viewerOf(context).project, input),
  }),
}))
