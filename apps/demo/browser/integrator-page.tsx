import { BillingProvider, useOpenCheckout } from '@florin/sdk/react'
import { type ReactNode, StrictMode, useEffect, useRef, useState } from 'react'
import { createRoot } from 'react-dom/client'

// A page of an integrator's own, as plain as possible: what it buys and how stands in its address.

const { florin = '', token = '' } = document.documentElement.dataset

/** Buys what it is told to, and says how that ended. */
function Buy({
  children,
  what,
  options,
}: {
  children: string
  what: Parameters<Open>[0]
  options?: Parameters<Open>[1]
}) {
  const openCheckout = useOpenCheckout()
  const [outcomes, setOutcomes] = useState<string[]>([])
  const [opening, setOpening] = useState(false)
  const buy = async () => {
    setOpening(true)
    const outcome = await openCheckout(what, options).then(
      (result) => result.outcome,
      (error: Error) => error.message,
    )
    setOpening(false)
    setOutcomes((before) => [...before, outcome])
  }
  return (
    <p>
      <button type="button" disabled={opening} onClick={buy}>
        {children}
      </button>
      <output aria-label={children}>{outcomes.join(', ')}</output>
    </p>
  )
}

type Open = ReturnType<typeof useOpenCheckout>

/** The page's own dialog, in the browser's top layer. */
function Paywall({ children }: { children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    dialog.current?.showModal()
    return () => dialog.current?.close()
  }, [])
  return (
    <dialog aria-label="Paywall" ref={dialog}>
      {children}
    </dialog>
  )
}

function Page() {
  const buttons = (
    <>
      <Buy what={{ rateCard: 'team' }} options={{ quantities: [{ code: 'seats', quantity: 3 }] }}>
        Buy Team
      </Buy>
      <Buy what={{ bundle: 'pack', quantity: 2 }}>Buy credits</Buy>
      <Buy what={{ bundle: 'pack' }} options={{ mode: 'redirect' }}>
        Buy elsewhere
      </Buy>
    </>
  )
  return (
    <main>
      <h1>Integrator</h1>
      {location.search === '?paywall' ? <Paywall>{buttons}</Paywall> : buttons}
      <div className="tall" />
    </main>
  )
}

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <BillingProvider url={florin} token={async () => token}>
        <Page />
      </BillingProvider>
    </StrictMode>,
  )
}
