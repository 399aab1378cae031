// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import type { UsageBucket } from '../../client/types.ts'
import { MockBillingProvider, type MockBillingProviderProps } from '../../testing/mock-billing-provider.tsx'
import { mockBillingState } from '../../testing/mock-billing-state.ts'
import { TextsProvider } from '../texts/texts-provider.tsx'
import { UsageChart, type UsageChartProps } from './usage-chart.tsx'

afterEach(cleanup)

const day = (date: number, quantity: string, credits = quantity): UsageBucket => {
  const at = (of: number) => new Date(Date.UTC(2026, 0, of)).toISOString()
  return { start: at(date), end: at(date + 1), quantity, credits, group: null }
}
const STATE = mockBillingState({ at: '2026-01-03T12:00:00.000Z' })

const show = (mocked: MockBillingProviderProps, props: Partial<UsageChartProps> = {}) =>
  render(
    <TextsProvider locale="en-US" timeZone="UTC">
      <MockBillingProvider state={STATE} {...mocked}>
        <UsageChart meter="characters" days={3} {...props} />
      </MockBillingProvider>
    </TextsProvider>,
  )

test('asks for whole days around those it shows, and shows those until today', () => {
  const asked: unknown[] = []
  show({
    usage: (report) => {
      asked.push(report)
      return [day(0, '9'), day(1, '3'), day(2, '0.5', '1'), day(3, '12'), day(4, '0')]
    },
  })
  expect(asked).toEqual([
    { meter: 'characters', granularity: 'DAY', from: '2025-12-31T00:00:00.000Z', to: '2026-01-05T00:00:00.000Z' },
  ])
  const rows = within(screen.getByRole('table', { name: 'Characters' })).getAllByRole('row')
  expect(rows.map(({ textContent }) => textContent)).toEqual([
    'PeriodQuantityCredits',
    'Thu, Jan 133',
    'Fri, Jan 20.51',
    'Sat, Jan 31212',
  ])
  expect(screen.getByText('15.5 in all')).toBeTruthy()
})

test('draws bars against round numbers that reach above them', () => {
  show({ usage: [day(1, '3'), day(2, '0'), day(3, '12')] })
  const bars = [...document.querySelectorAll('.florin-chart-bar')].map((bar) => bar.getAttribute('height'))
  expect(bars).toEqual(['20%', '0%', '80%'])
  const marks = [...document.querySelectorAll('.florin-chart-axis-labels text')].map(({ textContent }) => textContent)
  expect(marks).toEqual(['0', '5', '10', '15'])
})

test('arrow keys tell the bars one by one', () => {
  show({ usage: [day(1, '3'), day(2, '0.5', '1'), day(3, '12')] })
  const plot = screen.getByRole('group', { name: 'Characters' })
  const told = () => within(plot).getByRole('status').textContent
  const press = (key: string) => fireEvent.keyDown(plot, { key })
  expect(told()).toBe('')
  press('ArrowLeft')
  expect(told()).toBe('Sat, Jan 3: 12')
  press('ArrowLeft')
  expect(told()).toBe('Fri, Jan 2: 0.5, 1 credits')
  press('Home')
  press('ArrowLeft')
  expect(told()).toBe('Thu, Jan 1: 3')
  press('Escape')
  expect(told()).toBe('')
})

test('says when there is nothing to draw, or not yet', () => {
  const { unmount } = show({ usage: [day(1, '0')] })
  expect(screen.getByText('Nothing used yet.')).toBeTruthy()
  unmount()
  show({ state: null })
  expect(screen.getByText('Loading usage')).toBeTruthy()
})

test('a day is the customer’s: their midnight may be the evening before here', () => {
  const auckland = { start: '2026-01-02T11:00:00.000Z', end: '2026-01-03T11:00:00.000Z' }
  show({ usage: [{ ...auckland, quantity: '1', credits: '1', group: null }] })
  expect(within(screen.getByRole('table')).getByRole('rowheader').textContent).toBe('Fri, Jan 2')
})
