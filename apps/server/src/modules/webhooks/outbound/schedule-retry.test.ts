import { expect, it } from 'vitest'
import { RETRY_DELAYS, scheduleRetry } from './schedule-retry.ts'

it('waits longer each time, for days, and then gives up', () => {
  const waits = RETRY_DELAYS.map((_, index) => scheduleRetry(1, index + 1) as number)
  RETRY_DELAYS.forEach((delay, index) => {
    expect(waits[index]).toBeGreaterThanOrEqual(delay)
    expect(waits[index]).toBeLessThanOrEqual(delay * 1.2)
  })
  expect([scheduleRetry(1, 10), scheduleRetry(1, 11)]).toEqual([null, null])
  expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(75 * 3_600_000)
})

it('spreads deliveries that failed together, and each the same way every time', () => {
  const firsts = Array.from({ length: 100 }, (_, pk) => scheduleRetry(pk, 2))
  expect(new Set(firsts).size).toBeGreaterThan(95)
  expect(Array.from({ length: 100 }, (_, pk) => scheduleRetry(pk, 2))).toEqual(firsts)
})
