import { builder } from '../../../graphql/builder.ts'
import { viewerOf } from '../../../graphql/context.ts'
import { checkFirst, connectionOf, readCursor, toPage } from '../../../graphql/page.ts'
import {
  type BalanceExplanation,
  type ExplainedGrant,
  explainBalance,
  explainFinished,
  readBalanceAt,
} from '../explain-balance.ts'
import { GrantRef, LedgerEntryConnection } from '../graphql.ts'
import { readLedger } from '../read-ledger.ts'

const ExplainedGrantRef = builder.objectRef<ExplainedGrant>('ExplainedGrant').implement({
  fields: (t) => ({
    grant: t.field({
      type: GrantRef,
      description:
        'As it was at that moment: `amount` is what it had brought, `remaining` what was left of it. `held` is what holds reserved and disputes froze.',
      resolve: ({ grant }) => grant,
    }),
    cause: t.exposeString('cause', { description: 'Where it comes from, in a sentence.' }),
    place: t.exposeString('place', {
      nullable: true,
      description: 'Why it stands where it does in the drawdown order, in a sentence. Null once it is finished.',
    }),
  }),
})

const ExplainedGrantConnection = connectionOf('ExplainedGrant', ExplainedGrantRef)

export const BalanceExplanationRef = builder.objectRef<BalanceExplanation>('BalanceExplanation').implement({
  description: 'The grants and the entries that make a balance, as they were at a moment.',
  fields: (t) => ({
    creditType: t.exposeString('creditType'),
    at: t.field({ type: 'DateTime', resolve: ({ moment }) => moment.at }),
    available: t.expose('available', { type: 'Decimal', description: 'The sum of the entries until then.' }),
    remaining: t.expose('remaining', {
      type: 'Decimal',
      description: 'The sum of what remained of its grants: the same figure, from the other side of the books.',
    }),
    held: t.expose('held', { type: 'Decimal', description: 'Reserved by holds, or frozen by disputes.' }),
    debt: t.expose('debt', {
      type: 'Decimal',
      nullable: true,
      description: 'Owed now: spent, and then refunded. It is in no balance, and not known of the past.',
    }),
    grants: t.field({
      type: [ExplainedGrantRef],
      description: 'Those that had something left or held, in drawdown order.',
      resolve: ({ grants }) => [...grants],
    }),
    finishedGrants: t.field({
      type: ExplainedGrantConnection,
      description: 'Those that were spent or had ended by then, newest first.',
      args: { first: t.arg.int({ defaultValue: 20 }), after: t.arg.string() },
      resolve: async (explanation, { first, after }, { app }) => {
        const size = checkFirst(first, 20)
        const before = readCursor(after, /^[0-9a-f-]{36}$/)
        const grants = await explainFinished(app, explanation, { take: size + 1, before })
        return toPage(
          grants,
          size,
          ({ grant }) => grant.id,
          (grant) => grant,
        )
      },
    }),
    entries: t.field({
      type: LedgerEntryConnection,
      description: 'Newest first. One that was written late carries the instant at which it took effect.',
      args: { first: t.arg.int({ defaultValue: 50 }), after: t.arg.string() },
      resolve: async ({ subject, moment, creditType }, { first, after }, { app }) => {
        const size = checkFirst(first, 50)
        const cursor = readCursor(after, /^\d+$/)
        const before = cursor === null ? null : BigInt(cursor)
        const query = { customerPk: subject.customerPk, creditType, take: size + 1, before, until: moment }
        return toPage(
          await readLedger(app.database.prisma, query),
          size,
          ({ pk }) => String(pk),
          (entry) => entry,
        )
      },
    }),
  }),
})

builder.queryFields((t) => ({
  balanceAt: t.field({
    access: 'customer',
    type: 'Decimal',
    description:
      "What could be spent at an instant of the past, by the project's clock: the ledger, replayed until then.",
    args: {
      customerId: t.arg.id({ required: true }),
      creditType: t.arg.string({ required: true }),
      at: t.arg({ type: 'DateTime', required: true }),
    },
    resolve: (_, args, context) => readBalanceAt(context.app, viewerOf(context).project, args),
  }),
  explainBalance: t.field({
    access: 'customer',
    type: BalanceExplanationRef,
    description: 'Why a balance is what it is, now or at an instant of the past.',
    args: {
      customerId: t.arg.id({ required: true }),
      creditType: t.arg.string({ required: true }),
      at: t.arg({ type: 'DateTime', description: 'Now, if left out.' }),
    },
    resolve: (_, args, context) => explainBalance(context.app, viewerOf(context).project, args),
  }),
}))
