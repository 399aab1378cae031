import { CreditBalance, Paywall, PaywallDialog, PricingTable, TextsProvider, UsageChart } from '@florin/sdk/react'
import { MockBillingProvider, type MockBillingProviderProps } from '@florin/sdk/testing'
import '@florin/sdk/styles.css'
import { type ReactNode, StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import './page.css'
import { catalogue, change, customer, overdrawn, pending, refused, usage } from './samples.ts'

const METER = 'character_generation'
const GENERATOR = { days: 30, meter: METER, title: 'Characters' }

type StateProps = MockBillingProviderProps & { name: string; children: ReactNode }

const State = ({ name, children, ...mocked }: StateProps) => (
  <section className="state" aria-label={name} id={name}>
    <MockBillingProvider rateCards={catalogue} usage={usage} changePreview={change} {...mocked}>
      {children}
    </MockBillingProvider>
  </section>
)

function Dialog() {
  const [open, setOpen] = useState(false)
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        Open the paywall
      </button>
      <PaywallDialog meter={METER} quantity={3} open={open} onClose={() => setOpen(false)} />
    </>
  )
}

const Balances = () => (
  <section className="state row" aria-label="Balances" id="balances">
    {[customer('102'), customer('1234567890123456789.123456789'), customer('9'), customer('0'), overdrawn, null].map(
      (state, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
        <MockBillingProvider key={index} state={state}>
          <CreditBalance />
          <p>
            <CreditBalance variant="inline" />
          </p>
        </MockBillingProvider>
      ),
    )}
  </section>
)

/** Every component in every state. */
const Components = () => (
  <main>
    <h1>Components</h1>
    <Balances />
    <State name="paywall" state={refused}>
      <Paywall meter={METER} quantity={3} />
      <Dialog />
    </State>
    <State name="pricing" state={refused}>
      <PricingTable headingLevel={2} />
    </State>
    <State name="pending" state={pending}>
      <PricingTable headingLevel={2} />
    </State>
    <State name="chart" state={customer('102')}>
      <UsageChart {...GENERATOR} />
    </State>
    <section className="state row" aria-label="Charts without bars">
      <MockBillingProvider state={customer('102')} usage={[]}>
        <UsageChart {...GENERATOR} />
      </MockBillingProvider>
      <MockBillingProvider state={null}>
        <UsageChart {...GENERATOR} />
      </MockBillingProvider>
    </section>
    <section className="state" aria-label="Arabic" id="arabic" dir="rtl" lang="ar">
      <TextsProvider locale="ar-EG">
        <MockBillingProvider state={customer('64')} usage={usage} rateCards={catalogue}>
          <div className="row">
            <CreditBalance />
            <UsageChart {...GENERATOR} days={7} />
          </div>
          <PricingTable headingLevel={2} />
        </MockBillingProvider>
      </TextsProvider>
    </section>
  </main>
)

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <Components />
  </StrictMode>,
)
