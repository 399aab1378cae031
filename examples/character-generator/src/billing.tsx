import {
  BillingProvider,
  CreditBalance,
  PaywallDialog,
  PricingTable,
  useBillingState,
  useOpenPortal,
} from '@florin/sdk/react'
import { type ReactNode, useState } from 'react'
import '@florin/sdk/styles.css'

const METER = 'tavern_heroes'
const PLANS = ['tavern_free', 'tavern_starter', 'tavern_premium']
const fetchToken = async () => (await fetch('/api/billing-token')).text()

export const Billing = ({ florinUrl, children }: { florinUrl: string; children: ReactNode }) => (
  <BillingProvider url={florinUrl} token={fetchToken}>
    {children}
  </BillingProvider>
)

export const Plans = () => <PricingTable rateCards={PLANS} />

/** Shown when the server has refused, until the credits are there or the visitor goes. */
export const Paywall = ({ heroes, onClose }: { heroes: number | null; onClose: () => void }) => (
  <PaywallDialog meter={METER} quantity={heroes ?? 1} open={heroes !== null} onClose={onClose} />
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
