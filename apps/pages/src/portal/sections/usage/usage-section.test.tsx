// @vitest-environment jsdom
import type { UsageBucket } from '@florin/sdk'
import { mockBillingApi, mockBillingState } from '@florin/sdk/testing'
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { showSection } from '../../section-stage.tsx'
import { UsageSection } from './usage-section.tsx'

afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})

const AT = '2026-11-26T12:00:00.000Z'

const STATE = mockBillingState({
  at: AT,
  meters: [{ meter: 'characters', name: 'Characters', groupBy: ['model'] }],
  subscriptions: [
    {
      previousPeriodStart: '2026-10-20T10:00:00.000Z',
      currentPeriodStart: '2026-11-20T10:00:00.000Z',
      currentPeriodEnd: '2026-12-20T10:00:00.000Z',
      rateCard: { usageRates: [{ meter: 'characters' } as never] },
    },
  ],
})

const bucket = (day: string, quantity: string, credits: string, group: string | null = null): UsageBucket => ({
  start: `2026-11-${day}T00:00:00.000Z`,
  end: `2026-11-${Number(day) + 1}T00:00:00.000Z`,
  quantity,
  credits,
  group,
})

const DAYS = [bucket('25', '1200', '3'), bucket('26', '34', '0.5')]
const MODELS = [bucket('25', '34', '0.5', 'fast'), bucket('25', '1200', '3', 'deep')]

const stage = () => {
  const asked: unknown[] = []
  const api = mockBillingApi({
    usageTotals: async () => [{ meter: 'old', name: 'Old meter', groupBy: [], quantity: '1', credits: '1' }],
    usage: async (question) => {
      asked.push(question)
      return DAYS
    },
  })
  const shown = showSection(<UsageSection />, {
    state: STATE,
    api,
    usage: ({ groupBy }) => (groupBy ? MODELS : DAYS),
  })
  return { ...shown, api, asked }
}

test('shows each meter with what it comes to, also one that no card rates any more', async () => {
  const { api } = stage()
  screen.getByText('Days and hours are those of Europe/London.')
  const panel = within(screen.getByRole('region', { name: 'Characters' }))
  expect(panel.getByText('1,234').closest('p')?.textContent).toBe('1,234 · 3.5 credits')
  await screen.findByRole('region', { name: 'Old meter' })
  expect(api.calls[0]?.arguments).toEqual([{ from: '2026-11-20T00:00:00.000Z', to: '2026-11-27T00:00:00.000Z' }])
})

test('the numbers stand in a table, the newest first', async () => {
  stage()
  fireEvent.click((await screen.findAllByText('Show the numbers'))[0] as HTMLElement)
  const tables = screen.getAllByRole('table', { name: 'Characters' })
  const rows = within(tables.at(-1) as HTMLElement).getAllByRole('row')
  expect(rows.slice(1).map((row) => [...row.children].map(({ textContent }) => textContent))).toEqual([
    ['Nov 26, 2026', '34', '0.5'],
    ['Nov 25, 2026', '1,200', '3'],
  ])
})

test('the last period is all days that have a part of it', async () => {
  const { api } = stage()
  fireEvent.click(screen.getByRole('radio', { name: 'Last period' }))
  await waitFor(() =>
    expect(api.calls.at(-1)?.arguments).toEqual([{ from: '2026-10-19T23:00:00.000Z', to: '2026-11-21T00:00:00.000Z' }]),
  )
})

test('days that make no span are refused where they were typed, and what was shown stays', async () => {
  const { api } = stage()
  fireEvent.click(screen.getByRole('radio', { name: 'Other days' }))
  await waitFor(() => expect(api.calls.length).toBeGreaterThan(0))
  const asked = api.calls.length
  fireEvent.change(screen.getByLabelText('Last day'), { target: { value: '2026-11-01' } })
  screen.getByText('The last day comes before the first: choose a later one.')
  expect(screen.getByLabelText('Last day').getAttribute('aria-invalid')).toBe('true')
  expect(api.calls).toHaveLength(asked)
  screen.getByRole('region', { name: 'Characters' })
})

test('one meter may be grouped by what it names, the dearest first', async () => {
  stage()
  await screen.findByRole('region', { name: 'Old meter' })
  expect(screen.queryByLabelText('Group by')).toBeNull()
  fireEvent.change(screen.getByLabelText('Show'), { target: { value: 'characters' } })
  fireEvent.change(screen.getByLabelText('Group by'), { target: { value: 'model' } })
  const groups = within(screen.getByRole('table', { name: 'By model' }))
    .getAllByRole('row')
    .slice(1)
  expect(groups.map(({ textContent }) => textContent)).toEqual(['deep1,2003 credits', 'fast340.5 credits'])
})

test('the file holds all meters that are looked at, and is named by its days', async () => {
  // What jsdom lacks.
  Object.assign(URL, { createObjectURL: () => 'blob:usage', revokeObjectURL: () => {} })
  const saved: string[] = []
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    saved.push(this.download)
  })
  const { announced, asked } = stage()
  await screen.findByRole('region', { name: 'Old meter' })
  fireEvent.click(screen.getByRole('button', { name: 'Download CSV' }))
  await waitFor(() => expect(announced).toEqual(['The file was downloaded.']))
  expect(saved).toEqual(['usage-2026-11-20-2026-11-26.csv'])
  const span = { from: '2026-11-20T00:00:00.000Z', to: '2026-11-27T00:00:00.000Z', granularity: 'DAY' }
  expect(asked).toEqual([
    { meter: 'characters', ...span },
    { meter: 'old', ...span },
  ])
})
