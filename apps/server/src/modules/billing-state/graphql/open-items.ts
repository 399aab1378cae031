import { builder } from '../../../graphql/builder.ts'

// What BillingState lists of holds and alerts. Nothing makes them yet, so their lists are empty; the types stand
// here so that a client's query for the whole state is valid from the first release on.

interface Hold {
  readonly id: string
  readonly status: 'OPEN' | 'CAPTURED' | 'RELEASED' | 'EXPIRED'
  readonly quantity: string
  readonly credits: string
  readonly expiresAt: number
}

interface BalanceAlert {
  readonly creditType: string
  readonly percent: string | null
  readonly amount: string | null
  readonly armed: boolean | null
}

const HoldStatusEnum = builder.enumType('HoldStatus', {
  values: ['OPEN', 'CAPTURED', 'RELEASED', 'EXPIRED'] as const,
})

export const HoldRef = builder.objectRef<Hold>('Hold').implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    status: t.expose('status', { type: HoldStatusEnum }),
    quantity: t.expose('quantity', { type: 'Decimal' }),
    credits: t.expose('credits', { type: 'Decimal' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime' }),
  }),
})

export const BalanceAlertRef = builder.objectRef<BalanceAlert>('BalanceAlert').implement({
  fields: (t) => ({
    creditType: t.exposeString('creditType'),
    percent: t.expose('percent', { type: 'Decimal', nullable: true }),
    amount: t.expose('amount', { type: 'Decimal', nullable: true }),
    armed: t.exposeBoolean('armed', { nullable: true }),
  }),
})
