// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { MemoryRouter, Route, Routes } from 'react-router'
import { afterEach, expect, test, vi } from 'vitest'
import { startPeer } from '../graphql-peer.ts'
import { PortalPage } from './portal-page.tsx'

const networkFetch = globalThis.fetch
let stop = () => {}

afterEach(() => {
  cleanup()
  stop()
  vi.unstubAllGlobals()
})

const brand = { name: 'Persona', color: '#0a6b4b', onColor: '#ffffff', colorOnLight: '#0a6b4b', colorOnDark: '#52d8a1' }
const session = {
  merchant: 'Persona',
  brand,
  testMode: true,
  returnUrl: 'https://persona.example/account',
  customerId: 'ada',
  timezone: 'UTC',
  expiresAt: '2026-01-01T01:00:00.000Z',
  expired: true,
}

async function open(portal: () => object | null): Promise<void> {
  const peer = await startPeer({ portal })
  stop = peer.stop
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => networkFetch(new URL(path, peer.url), init))
  renderPage()
}

function renderPage(): void {
  render(
    <MemoryRouter initialEntries={['/portal/ps_1/plan']}>
      <Routes>
        <Route path="/portal/:token/*" element={<PortalPage />} />
      </Routes>
    </MemoryRouter>,
  )
}

test('a session that is over leads back', async () => {
  await open(() => session)
  await screen.findByRole('heading', { name: 'This link has expired' })
  expect(screen.getByRole('link', { name: 'Back to Persona' }).getAttribute('href')).toBe(session.returnUrl)
  await expect.poll(() => document.title).toBe('This link has expired')
})

test('a session that nobody opened is told apart from a server that is down', async () => {
  await open(() => null)
  await screen.findByRole('heading', { name: 'We don’t know this link' })
  cleanup()
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('fetch failed')))
  renderPage()
  await screen.findByRole('heading', { name: 'We can’t reach the server' })
  vi.stubGlobal('fetch', networkFetch)
  const peer = await startPeer({ portal: () => session })
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => networkFetch(new URL(path, peer.url), init))
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
  await screen.findByRole('heading', { name: 'This link has expired' })
  peer.stop()
})
