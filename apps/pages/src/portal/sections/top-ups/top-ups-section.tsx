import type { BillingState } from '@florin/sdk'
import { useBillingState, useRateCards } from '@florin/sdk/react'
import { Panel } from '../../panel.tsx'
import { SectionHeading } from '../../section-heading.tsx'
import { SectionLoading } from '../../section-loading.tsx'
import { AlertsPanel } from './alerts-panel.tsx'
import { AutoTopUpPanel } from './auto-top-up-panel.tsx'
import { BuyCredits } from './buy-credits.tsx'
import { offersOf } from './offers.ts'
import { SpendLimitPanel } from './spend-limit-panel.tsx'
import { useTopUpMonths } from './use-top-up-months.ts'

/** More credits: once, by themselves, or beyond them up to a limit. */
export function TopUpsSection() {
  const { state } = useBillingState()
  return (
    <>
      <SectionHeading title="Top-ups and limits" />
      {state ? <TopUps state={state} /> : <SectionLoading label="Loading your offers…" />}
    </>
  )
}

function TopUps({ state }: { state: BillingState }) {
  const { rateCards } = useRateCards()
  const months = useTopUpMonths(state)
  const offers = offersOf(state, rateCards ?? [])
  // One that is on stays to be switched off, whether or not its bundle is still sold.
  const types = [...new Set([...offers, ...state.autoTopUps].map(({ creditType }) => creditType))]
  const nothing = types.length === 0 && state.overageSpend.length === 0
  return (
    <>
      {nothing && (
        <Panel title="Nothing to top up">
          <p className="quiet">Your plan sells no extra credits. To get more, change your plan.</p>
        </Panel>
      )}
      {offers.length > 0 && <BuyCredits offers={offers} state={state} />}
      {types.map((creditType) => (
        <AutoTopUpPanel
          key={creditType}
          creditType={creditType}
          offers={offers.filter((bundle) => bundle.creditType === creditType)}
          topUp={state.autoTopUps.find((topUp) => topUp.creditType === creditType)}
          month={months.find((month) => month.creditType === creditType)}
          state={state}
          named={types.length > 1}
        />
      ))}
      <SpendLimitPanel state={state} />
      <AlertsPanel state={state} />
    </>
  )
}
