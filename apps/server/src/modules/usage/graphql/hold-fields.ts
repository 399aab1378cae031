import { builder } from '../../../graphql/builder.ts'
import { viewerOf } from '../../../graphql/context.ts'
import { AccessDecisionRef } from '../../billing-state/graphql/access.ts'
import { captureHold } from '../capture-hold.ts'
import { createHold, type HoldAnswer } from '../create-hold.ts'
import { extendHold } from '../extend-hold.ts'
import { releaseHold } from '../release-hold.ts'
import { ConsumePayload } from './fields.ts'
import { HoldRef } from './hold.ts'

const HoldPayload = builder.objectRef<HoldAnswer>('HoldPayload').implement({
  fields: (t) => ({
    decision: t.expose('decision', { type: AccessDecisionRef }),
    hold: t.expose('hold', { type: HoldRef, nullable: true }),
  }),
})

const CreateHoldInput = builder.inputType('CreateHoldInput', {
  fields: (t) => ({
    customerId: t.id({ required: true }),
    meter: t.string({ required: true }),
    quantity: t.field({ type: 'Decimal', required: true }),
    properties: t.field({ type: 'JSON' }),
    ttlSeconds: t.int({ defaultValue: 900 }),
    idempotencyKey: t.string({ required: true }),
  }),
})

builder.mutationFields((t) => ({
  createHold: t.field({
    access: 'secret',
    type: HoldPayload,
    description:
      'Reserves credits before an expensive call, to be settled after it. An open hold releases itself at `expiresAt`.',
    args: { input: t.arg({ type: CreateHoldInput, required: true }) },
    resolve: (_, { input }, context) => createHold(context.app, viewerOf(context).project, input),
  }),
  extendHold: t.field({
    access: 'secret',
    type: HoldPayload,
    description:
      'Adds `quantity` to the hold and moves `expiresAt` to now + its ttl. Refused: the hold stays as it was, and the stream should end.',
    args: {
      holdId: t.arg.id({ required: true }),
      quantity: t.arg({ type: 'Decimal', required: true }),
      idempotencyKey: t.arg.string({ required: true }),
    },
    resolve: (_, args, context) => extendHold(context.app, viewerOf(context).project, args),
  }),
  captureHold: t.field({
    access: 'secret',
    type: ConsumePayload,
    description:
      'A hold is settled once: the same quantity again returns the first answer; another, or after release or expiry, is CONFLICT.',
    args: {
      holdId: t.arg.id({ required: true }),
      quantity: t.arg({ type: 'Decimal', required: true }),
      properties: t.arg({ type: 'JSON' }),
    },
    resolve: async (_, args, context) => {
      const { project } = viewerOf(context)
      return { ...(await captureHold(context.app, project, args)), project }
    },
  }),
  releaseHold: t.field({
    access: 'secret',
    type: HoldRef,
    args: { holdId: t.arg.id({ required: true }) },
    resolve: (_, { holdId }, context) => releaseHold(context.app, viewerOf(context).project, holdId),
  }),
}))
