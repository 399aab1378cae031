import type { Bundle } from '@florin/core'
import { builder } from '../../../graphql/builder.ts'
import { BundleRef } from '../../catalog/graphql/types.ts'
import type { BalanceAlert } from '../../topups/set-balance-alerts.ts'

interface AutoTopUp {
  readonly creditType: string
  readonly enabled: boolean
  readonly threshold: string
  readonly bundle: Bundle
  readonly maxPerMonth: number | null
  readonly maxSpendPerMonth: string | null
  readonly state: 'READY' | 'CHARGING' | 'BACKING_OFF' | 'NEEDS_CUSTOMER' | 'LIMIT_REACHED' | 'OFF'
}

const AutoTopUpStateEnum = builder.enumType('AutoTopUpState', {
  values: ['READY', 'CHARGING', 'BACKING_OFF', 'NEEDS_CUSTOMER', 'LIMIT_REACHED', 'OFF'] as const,
})

export const AutoTopUpRef = builder.objectRef<AutoTopUp>('AutoTopUp').implement({
  fields: (t) => ({
    creditType: t.exposeString('creditType'),
    enabled: t.exposeBoolean('enabled'),
    threshold: t.expose('threshold', { type: 'Decimal' }),
    bundle: t.expose('bundle', { type: BundleRef }),
    maxPerMonth: t.exposeInt('maxPerMonth', { nullable: true }),
    maxSpendPerMonth: t.expose('maxSpendPerMonth', { type: 'Decimal', nullable: true }),
    state: t.expose('state', { type: AutoTopUpStateEnum }),
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
