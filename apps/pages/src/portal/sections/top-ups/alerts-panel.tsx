import type { BillingState } from '@florin/sdk'
import { formatNumber } from '../../../formats.ts'
import { creditName, creditsOf } from '../../credit-names.ts'
import { Panel } from '../../panel.tsx'
import { usePortalContents } from '../../portal-context.ts'

/** At which levels the seller is told. They set them; a customer sees them. */
export function AlertsPanel({ state }: { state: BillingState }) {
  const { merchant } = usePortalContents().portal
  const { alerts, balances } = state
  if (alerts.length === 0) return null
  return (
    <Panel title="Low balance alerts">
      <p className="quiet">{merchant} is told when your balance gets this low.</p>
      <ul className="alerts">
        {alerts.map(({ creditType, amount, percent, armed }) => {
          const several = balances.length > 1 ? ` of ${creditName(state, creditType)}` : ''
          const words = amount
            ? `${creditsOf(state, amount, creditType)} left`
            : `${formatNumber(percent ?? '0')} % left${several}`
          return (
            <li key={`${creditType} ${amount} ${percent}`} className="line">
              <span>{words}</span>
              <span className={armed ? 'badge' : 'badge badge-due'}>{armed ? 'Not reached' : 'Reached'}</span>
            </li>
          )
        })}
      </ul>
    </Panel>
  )
}
