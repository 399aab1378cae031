import { createContext, type ReactNode, useContext, useEffect } from 'react'
import { FlorinError } from '../client/errors.ts'
import type { BillingSession } from './billing-session.ts'

const SessionContext = createContext<BillingSession | null>(null)

/** Sessions of the providers on the page, the newest last: where the plain `openCheckout` finds its customer. */
const mounted: BillingSession[] = []

export function BillingSessionProvider({ session, children }: { session: BillingSession; children?: ReactNode }) {
  useEffect(() => {
    mounted.push(session)
    return () => {
      mounted.splice(mounted.lastIndexOf(session), 1)
    }
  }, [session])
  return <SessionContext.Provider value={session}>{children}</SessionContext.Provider>
}

export function useBillingSession(): BillingSession {
  return useContext(SessionContext) ?? missingProvider()
}

/** The session of the provider that was mounted last. */
export function mountedSession(): BillingSession {
  return mounted.at(-1) ?? missingProvider()
}

function missingProvider(): never {
  throw new FlorinError('No <BillingProvider> around this component', { code: 'NO_PROVIDER' })
}
