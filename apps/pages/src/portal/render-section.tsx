import type { MockBillingProviderProps } from '@florin/sdk/testing'
import { MockBillingProvider } from '@florin/sdk/testing'
import { type RenderResult, render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { MemoryRouter } from 'react-router'
import { PortalContext } from './portal-context.ts'

const PORTAL = {
  merchant: 'Persona',
  testMode: true,
  returnUrl: 'https://persona.example/account',
  customerId: 'ada',
  customerName: 'Ada Lovelace',
  customerEmail: 'ada@example.com',
  timezone: 'UTC',
  expiresAt: '2026-01-01T01:00:00.000Z',
  expired: false,
}

/** A section as the portal's frame shows it, on a state that a test says, and what it announced. Render again to change it. */
export function renderSection(section: ReactNode, parts: MockBillingProviderProps) {
  const announced: string[] = []
  const announce = (news: string) => void announced.push(news)
  const contents = { portal: PORTAL as never, announce }
  const page = (now: MockBillingProviderProps) => (
    <MemoryRouter>
      <PortalContext.Provider value={contents}>
        <MockBillingProvider {...now}>{section}</MockBillingProvider>
      </PortalContext.Provider>
    </MemoryRouter>
  )
  const view: RenderResult = render(page(parts))
  return { announced, change: (now: MockBillingProviderProps) => view.rerender(page(now)) }
}
