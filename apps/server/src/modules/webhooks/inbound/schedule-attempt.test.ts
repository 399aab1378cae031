import { expect, it } from 'vitest'
import { MOST_ATTEMPTS, scheduleAttempt } from './schedule-attempt.ts'

it.each([
  [1, 5_000],
  [2, 10_000],
  [3, 20_000],
  [12, 10_240_000],
  [13, 20_480_000],
  [14, 21_600_000],
  [19, 21_600_000],
  [20, null],
  [21, null],
])('after attempt %i the next one comes in %s ms', (attempt, wait) => expect(scheduleAttempt(attempt)).toBe(wait))

it('tries for one to three days in all', () => {
  const attempts = Array.from({ length: MOST_ATTEMPTS }, (_, index) => scheduleAttempt(index + 1) ?? 0)
  const hours = attempts.reduce((sum, wait) => sum + wait, 0) / 3_600_000
  expect(hours).toBeGreaterThan(24)
  expect(hours).toBeLessThan(72)
})
