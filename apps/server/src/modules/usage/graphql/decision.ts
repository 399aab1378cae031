import { builder } from '../../../graphql/builder.ts'
import { viewerOf } from '../../../graphql/context.ts'
import type { Project } from '../../accounts/viewer.ts'
import { AccessDecisionRef } from '../../billing-state/graphql/access.ts'
import { explainBalance } from '../../ledger/explain-balance.ts'
import { BalanceExplanationRef } from '../../ledger/graphql/explain.ts'
import { DECIDING, type DecidingOperation, type PastDecision, readDecision } from '../read-decision.ts'

const DecidingOperationEnum = builder.enumType('DecidingOperation', {
  values: Object.keys(DECIDING) as DecidingOperation[],
})

const DecisionExplanation = builder
  .objectRef<PastDecision & { readonly project: Project }>('DecisionExplanation')
  .implement({
    description: 'Why a key was answered as it was.',
    fields: (t) => ({
      operation: t.expose('operation', { type: DecidingOperationEnum }),
      idempotencyKey: t.exposeString('key'),
      at: t.expose('at', { type: 'DateTime', description: "When it was decided, by the project's clock." }),
      meter: t.exposeString('meter', { nullable: true }),
      quantity: t.expose('quantity', { type: 'Decimal', nullable: true }),
      properties: t.expose('properties', { type: 'JSON', nullable: true }),
      decision: t.expose('decision', { type: AccessDecisionRef, description: 'As it was answered then.' }),
      voided: t.exposeBoolean('voided', { description: 'Whether what it drew was given back since.' }),
      text: t.exposeString('text', { description: 'The decision in a sentence that a person can read.' }),
      balance: t.field({
        type: BalanceExplanationRef,
        nullable: true,
        description: 'What the decision looked at: the balance before it. Null where no card rated the meter.',
        resolve: ({ project, payerId, creditType, at, version }, _, { app }) =>
          creditType === null ? null : explainBalance(app, project, { customerId: payerId, creditType, at }, version),
      }),
    }),
  })

builder.queryFields((t) => ({
  explainDecision: t.field({
    access: 'secret',
    type: DecisionExplanation,
    description: 'Why usage was refused or allowed, from the key that asked for it.',
    args: {
      customerId: t.arg.id({ required: true }),
      idempotencyKey: t.arg.string({ required: true }),
      operation: t.arg({ type: DecidingOperationEnum, description: 'Needed where several operations used the key.' }),
    },
    resolve: async (_, args, context) => {
      const { project } = viewerOf(context)
      return { ...(await readDecision(context.app, project, args)), project }
    },
  }),
}))
