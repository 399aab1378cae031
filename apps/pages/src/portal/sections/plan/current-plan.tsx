import type { FixedRate, SubscriptionState } from '@florin/sdk'
import { formatDay } from '../../../days.ts'
import { Panel } from '../../panel.tsx'
import { usePortalContents } from '../../portal-context.ts'
import { adjustableRates, eachWords, quantitiesBy, quantityOf } from '../../rate-card-words.ts'
import { Benefits } from './benefits.tsx'
import { PlanPrice } from './plan-price.tsx'

type CurrentPlanProps = { subscription: SubscriptionState; onSeats: () => void; onCancel: () => void }

const BADGES: Record<SubscriptionState['status'], { label: string; tone: string }> = {
  ACTIVE: { label: 'Active', tone: 'badge-good' },
  TRIALING: { label: 'Trial', tone: 'badge-due' },
  PAST_DUE: { label: 'Payment due', tone: 'badge-bad' },
  INCOMPLETE: { label: 'Not paid yet', tone: 'badge-bad' },
  PAUSED: { label: 'Paused', tone: '' },
  CANCELED: { label: 'Ended', tone: '' },
}

/** What the customer has: its price, when it renews, what it brings, how many of it, and the way out. */
export function CurrentPlan({ subscription, onSeats, onCancel }: CurrentPlanProps) {
  const { rateCard, status, cancelAtPeriodEnd, quantities } = subscription
  const has = quantitiesBy(quantities)
  const rates = adjustableRates(rateCard, has)
  const badge = cancelAtPeriodEnd ? { label: 'Ends soon', tone: 'badge-due' } : BADGES[status]
  return (
    <Panel
      title={rateCard.name}
      aside={<span className={`badge ${badge.tone}`}>{badge.label}</span>}
      className="current"
    >
      <div className="current-price">
        <p className="current-amount">
          <PlanPrice card={rateCard} quantities={has} />
        </p>
        <p className="quiet small">
          <PeriodWords subscription={subscription} />
        </p>
      </div>
      <Benefits card={rateCard} quantities={has} />
      {rates.length > 0 && (
        <div className="current-rates">
          <dl className="lines">
            {rates.map((rate) => (
              <RateLine key={rate.code} rate={rate} quantity={quantityOf(rate, has)} currency={rateCard.currency} />
            ))}
          </dl>
          {status !== 'PAUSED' && (
            <button type="button" className="button button-plain button-small" onClick={onSeats}>
              Change {rates.map(({ name }) => name.toLowerCase()).join(' and ')}
            </button>
          )}
        </div>
      )}
      {!cancelAtPeriodEnd && (
        <p className="current-end">
          <button type="button" className="link plan-cancel" onClick={onCancel}>
            Cancel {rateCard.name}
          </button>
        </p>
      )}
    </Panel>
  )
}

function PeriodWords({ subscription }: { subscription: SubscriptionState }) {
  const { portal } = usePortalContents()
  const { status, cancelAtPeriodEnd, currentPeriodEnd, resumesAt, trialEndsAt } = subscription
  const day = (instant: string) => formatDay(instant, portal.timezone)
  if (status === 'PAUSED') return resumesAt ? `Paused until ${day(resumesAt)}` : 'Paused'
  if (cancelAtPeriodEnd) return `Ends on ${day(currentPeriodEnd)}`
  if (status === 'TRIALING' && trialEndsAt) return `Free until ${day(trialEndsAt)}`
  return `Renews on ${day(currentPeriodEnd)}`
}

function RateLine({ rate, quantity, currency }: { rate: FixedRate; quantity: number; currency: string }) {
  const each = eachWords(rate, currency)
  return (
    <div className="line">
      <dt>
        {rate.name}
        {each && `, ${each}`}
      </dt>
      <dd>{quantity}</dd>
    </div>
  )
}
