import { builder } from '../../../graphql/builder.ts'
import { publicId } from '../../../platform/ids.ts'
import type { HoldSnapshot } from '../spend-request.ts'

const HoldStatusEnum = builder.enumType('HoldStatus', {
  values: ['OPEN', 'CAPTURED', 'RELEASED', 'EXPIRED'] as const,
})

export const HoldRef = builder.objectRef<HoldSnapshot>('Hold').implement({
  fields: (t) => ({
    id: t.id({ resolve: ({ id }) => publicId('hold', id) }),
    status: t.expose('status', { type: HoldStatusEnum }),
    meter: t.exposeString('meter'),
    creditType: t.exposeString('creditType'),
    quantity: t.expose('quantity', { type: 'Decimal', description: 'Reserved in all, in units of the meter.' }),
    credits: t.expose('credits', { type: 'Decimal', description: 'Taken out of the grants.' }),
    overage: t.expose('overage', {
      type: 'Decimal',
      description: 'Beyond the grants, where the card allows it: invoiced as far as it is captured.',
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime' }),
  }),
})
