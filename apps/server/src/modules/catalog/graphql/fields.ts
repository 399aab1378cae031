import { builder } from '../../../graphql/builder.ts'
import { viewerOf } from '../../../graphql/context.ts'
import { defineCreditType } from '../define-credit-type.ts'
import { defineMeter } from '../define-meter.ts'
import { publishRateCard } from '../publish-rate-card.ts'
import { readRateCard, readRateCards } from '../read-rate-cards.ts'
import { CreditTypeInput, MeterInput, RateCardInput } from './inputs.ts'
import { CreditTypeRef, MeterRef, RateCardRef } from './types.ts'

builder.queryFields((t) => ({
  rateCards: t.field({
    access: 'customer',
    type: [RateCardRef],
    resolve: (_, __, context) => readRateCards(context.app, viewerOf(context)),
  }),
  rateCard: t.field({
    access: 'customer',
    type: RateCardRef,
    nullable: true,
    args: { code: t.arg.string({ required: true }), version: t.arg.int() },
    resolve: (_, args, context) => readRateCard(context.app, viewerOf(context), args),
  }),
}))

builder.mutationFields((t) => ({
  defineMeter: t.field({
    access: 'secret',
    type: MeterRef,
    args: { input: t.arg({ type: MeterInput, required: true }) },
    resolve: (_, { input }, context) => defineMeter(context.app, viewerOf(context).project, input),
  }),
  defineCreditType: t.field({
    access: 'secret',
    type: CreditTypeRef,
    args: { input: t.arg({ type: CreditTypeInput, required: true }) },
    resolve: (_, { input }, context) => defineCreditType(context.app, viewerOf(context).project, input),
  }),
  publishRateCard: t.field({
    access: 'secret',
    type: RateCardRef,
    description:
      'Says what a card should be. Saying it again changes nothing; saying something else makes the next version.',
    args: { input: t.arg({ type: RateCardInput, required: true }) },
    resolve: async (_, { input }, context) =>
      (await publishRateCard(context.app, viewerOf(context).project, input)).card,
  }),
}))
