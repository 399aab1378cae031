import { expect, test } from 'vitest'
import { clockOf, nowOf } from './clock.ts'

test('a clock that was moved is not set back by a reading from before', () => {
  const clock = clockOf('project', 0)
  clockOf('project', 60_000)
  clockOf('project', 0)
  expect(clock.offsetMs).toBe(60_000)
  expect(nowOf({ clock })).toBeGreaterThan(Date.now() + 50_000)
})
