import { useBillingState } from '@florin/sdk/react'
import { SectionHeading } from '../../section-heading.tsx'
import { SectionLoading } from '../../section-loading.tsx'
import { SubscriptionNotices } from '../../subscription-notices.tsx'
import { BalancePanel } from './balance-panel.tsx'
import { NextInvoices } from './next-invoices.tsx'
import { NoPlan } from './no-plan.tsx'

/** What the customer has, what is due and what comes next. */
export function OverviewSection() {
  const { state } = useBillingState()
  return (
    <>
      <SectionHeading title="Overview" />
      {state ? (
        <>
          <SubscriptionNotices subscriptions={state.subscriptions} />
          {state.balances.map((balance) => (
            <BalancePanel key={balance.creditType} balance={balance} />
          ))}
          {state.balances.length === 0 && (
            <p className="card panel quiet">You have no credits yet. They come with a plan, or with a top-up.</p>
          )}
          {state.subscriptions.length === 0 && <NoPlan />}
          <NextInvoices subscriptions={state.subscriptions} accountCredit={state.accountCredit} />
        </>
      ) : (
        <SectionLoading label="Loading your balance…" />
      )}
    </>
  )
}
