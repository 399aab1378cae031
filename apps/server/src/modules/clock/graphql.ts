import { builder } from '../../graphql/builder.ts'
import { viewerOf } from '../../graphql/context.ts'
import { advanceClock } from './advance-clock.ts'
import { type ClockProgress, readClockProgress } from './read-clock-progress.ts'

const ClockProgressRef = builder.objectRef<ClockProgress>('ClockProgress').implement({
  fields: (t) => ({
    from: t.expose('from', { type: 'DateTime' }),
    to: t.expose('to', { type: 'DateTime' }),
    reached: t.expose('reached', { type: 'DateTime', description: 'All that was due before it has been done.' }),
    subscriptionsDue: t.expose('subscriptionsDue', {
      type: 'SafeInt',
      description: 'Subscriptions for which something is still due on the way.',
    }),
  }),
})

builder.queryFields((t) => ({
  clockProgress: t.field({
    access: 'secret',
    type: ClockProgressRef,
    nullable: true,
    description: 'How far `advanceClock` has come that is running now; null while nobody moves the clock.',
    resolve: (_, __, context) => readClockProgress(context.app, viewerOf(context).project),
  }),
}))

builder.mutationFields((t) => ({
  advanceClock: t.field({
    access: 'secret',
    type: 'DateTime',
    description: "Sandbox only. Moves the project's clock forward and does, in order, all that falls due on the way.",
    args: { to: t.arg({ type: 'DateTime', required: true }) },
    resolve: (_, { to }, context) => advanceClock(context.app, viewerOf(context).project, to),
  }),
}))
