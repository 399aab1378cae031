import { builder } from '../../../graphql/builder.ts'
import { viewerOf } from '../../../graphql/context.ts'
import { checkFirst, connectionOf, readCursor, toPage } from '../../../graphql/page.ts'
import { publicId } from '../../../platform/ids.ts'
import { MigrationModeEnum } from '../../catalog/graphql/enums.ts'
import { RateCardInput } from '../../catalog/graphql/inputs.ts'
import { MoneyRef, RateCardRef } from '../../catalog/graphql/types.ts'
import { type MigrationPreview, type Move, previewRateCardMigration } from '../preview-rate-card-migration.ts'

const AllowanceChange = builder.objectRef<Move['allowances'][number]>('AllowanceChange').implement({
  fields: (t) => ({
    creditType: t.exposeString('creditType'),
    before: t.expose('before', { type: 'Decimal' }),
    after: t.expose('after', { type: 'Decimal' }),
  }),
})

const RateCardMove = builder.objectRef<Move>('RateCardMove').implement({
  description: 'One subscriber who would move to the new version.',
  fields: (t) => ({
    subscriptionId: t.id({ resolve: ({ subscriptionId }) => publicId('sub', subscriptionId) }),
    customerId: t.exposeID('customerId'),
    fromVersion: t.exposeInt('fromVersion'),
    effectiveAt: t.expose('effectiveAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Null: with the end of a pause that nobody has set.',
    }),
    periodBefore: t.expose('before', { type: MoneyRef }),
    periodAfter: t.expose('after', { type: MoneyRef }),
    allowances: t.field({ type: [AllowanceChange], resolve: ({ allowances }) => [...allowances] }),
  }),
})

const RateCardMoveConnection = connectionOf('RateCardMove', RateCardMove)

type Preview = MigrationPreview & { readonly first: number }

const RateCardMigrationPreview = builder.objectRef<Preview>('RateCardMigrationPreview').implement({
  description: 'Who would move to a card if it were published, and by how much. Prices without tax.',
  fields: (t) => ({
    rateCard: t.expose('card', { type: RateCardRef, description: 'The version that it would become.' }),
    migrate: t.expose('migrate', { type: MigrationModeEnum }),
    subscribers: t.expose('subscribers', { type: 'SafeInt', description: 'How many subscriptions would move.' }),
    periodBefore: t.expose('before', { type: MoneyRef, description: 'The fixed rates of one period of all of them.' }),
    periodAfter: t.expose('after', { type: MoneyRef }),
    moves: t.field({
      type: RateCardMoveConnection,
      resolve: ({ moves, first }) =>
        toPage(
          moves,
          first,
          ({ subscriptionId }) => subscriptionId,
          (move) => move,
        ),
    }),
  }),
})

builder.queryFields((t) => ({
  previewRateCardMigration: t.field({
    access: 'secret',
    type: RateCardMigrationPreview,
    description: 'What `publishRateCard` would do to the subscribers of older versions, without doing it.',
    args: {
      input: t.arg({ type: RateCardInput, required: true }),
      first: t.arg.int({ defaultValue: 20 }),
      after: t.arg.string(),
    },
    resolve: async (_, { input, first, after }, context) => {
      const size = checkFirst(first, 20)
      const page = { take: size + 1, after: readCursor(after, /^[0-9a-f-]{36}$/) }
      return { ...(await previewRateCardMigration(context.app, viewerOf(context).project, input, page)), first: size }
    },
  }),
}))
