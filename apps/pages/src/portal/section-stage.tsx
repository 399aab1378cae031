import { MockBillingProvider, type MockBillingProviderProps } from '@florin/sdk/testing'
import { render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { MemoryRouter } from 'react-router'
import { plainBrand } from '../brand/brand.samples.ts'
import type { Portal } from './portal-api.ts'
import { PortalContext } from './portal-context.ts'

const PORTAL: Portal = {
  brand: plainBrand,
  merchant: 'Persona',
  testMode: true,
  returnUrl: 'https://app.example/account',
  customerId: 'user_123',
  customerName: 'Ada Lovelace',
  customerEmail: 'ada@example.com',
  timezone: 'Europe/London',
  expiresAt: '2027-01-01T00:00:00.000Z',
  expired: false,
}

/** For tests: a section as it stands in an open portal. What it announces is collected. */
export function showSection(section: ReactNode, parts: MockBillingProviderProps) {
  const announced: string[] = []
  const contents = {
    portal: PORTAL,
    announce: (news: string) => void announced.push(news),
    fetchToken: async () => 'ct_ada',
  }
  const stage = (current: MockBillingProviderProps) => (
    <MemoryRouter>
      <PortalContext.Provider value={contents}>
        <MockBillingProvider {...current}>{section}</MockBillingProvider>
      </PortalContext.Provider>
    </MemoryRouter>
  )
  const { rerender } = render(stage(parts))
  return { announced, change: (next: MockBillingProviderProps) => rerender(stage({ ...parts, ...next })) }
}
