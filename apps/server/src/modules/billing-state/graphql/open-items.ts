import { builder } from '../../../graphql/builder.ts'
import type { BalanceAlert } from '../../topups/set-balance-alerts.ts'

export const BalanceAlertRef = builder.objectRef<BalanceAlert>('BalanceAlert').implement({
  fields: (t) => ({
    creditType: t.exposeString('creditType'),
    percent: t.expose('percent', { type: 'Decimal', nullable: true }),
    amount: t.expose('amount', { type: 'Decimal', nullable: true }),
    armed: t.exposeBoolean('armed', { nullable: true }),
  }),
})
