import { useBillingState } from '@florin/sdk/react'
import { SectionHeading } from '../../section-heading.tsx'
import { SectionLoading } from '../../section-loading.tsx'

/** What the customer has, what is due and what comes next. */
export function OverviewSection() {
  const { state } = useBillingState()
  return (
    <>
      <SectionHeading title="Overview" />
      {state ? null : <SectionLoading label="Loading your balance…" />}
    </>
  )
}
