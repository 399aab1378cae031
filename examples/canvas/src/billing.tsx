import {
  BillingProvider,
  CreditBalance,
  PaywallDialog,
  PricingTable,
  UsageChart,
  useBillingState,
  useOpenPortal,
  usePaywall,
} from '@florin/sdk/react'
import { type ReactNode, useState } from 'react'
import type { Node } from './api.ts'
import '@florin/sdk/styles.css'

type Kind = Node['kind']
const PLANS = ['easel_hobby', 'easel_pro', 'easel_pro_yearly']
const fetchToken = async () => (await fetch('/api/billing-token')).text()

export const Billing = ({ florinUrl, children }: { florinUrl: string; children: ReactNode }) => (
  <BillingProvider url={florinUrl} token={fetchToken}>
    {children}
  </BillingProvider>
)

/** In credits, for one text, one image or one second of video; undefined until it is known. */
export const useCost = (kind: Kind) => usePaywall(`easel_${kind}`).cost ?? undefined
export const useRefused = (kind: Kind) => usePaywall(`easel_${kind}`).remedies.length > 0

/** Shown when the server has refused, until the credits are there or the visitor goes. */
export const Paywall = ({ kind, onClose }: { kind: Kind | null; onClose: () => void }) => (
  <PaywallDialog meter={`easel_${kind ?? 'text'}`} open={kind !== null} onClose={onClose} />
)

export const Plans = () => (
  <>
    <CreditBalance />
    <PricingTable rateCards={PLANS} />
    <UsageChart meter="easel_video" days={14} title="Seconds of video" />
  </>
)

/** What is left, of which plan, and the way to the page where it is managed. */
export function Account() {
  const openPortal = useOpenPortal()
  const [failure, setFailure] = useState<string | null>(null)
  const plan = useBillingState().state?.subscriptions.find(({ status }) => status !== 'CANCELED')?.rateCard.name
  return (
    <>
      <CreditBalance variant="inline" />
      {plan && <span className="plan">{plan}</span>}
      <button type="button" className="link" onClick={() => openPortal().catch((error) => setFailure(error.message))}>
        Billing
      </button>
      {failure && <span role="alert">{failure}</span>}
    </>
  )
}
