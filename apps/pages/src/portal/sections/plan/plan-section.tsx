import { useBillingState } from '@florin/sdk/react'
import { SectionHeading } from '../../section-heading.tsx'
import { SectionLoading } from '../../section-loading.tsx'

/** The customer's cards, and the ones they could have. */
export function PlanSection() {
  const { state } = useBillingState()
  return (
    <>
      <SectionHeading title="Plan" />
      {state ? null : <SectionLoading label="Loading your plan…" />}
    </>
  )
}
