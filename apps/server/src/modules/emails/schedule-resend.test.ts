import { expect, it } from 'vitest'
import { scheduleResend } from './schedule-resend.ts'

it('waits longer each time, and ends within a day', () => {
  const waits = [1, 2, 3, 4, 5, 6].map((attempt) => (scheduleResend(attempt) as number) / 60_000)
  expect(waits).toEqual([1, 5, 30, 120, 360, 720])
  expect(waits.reduce((sum, wait) => sum + wait)).toBeLessThan(24 * 60)
  expect(scheduleResend(7)).toBeNull()
})
