import { describe, expect, it } from 'vitest'
import { nextAttempt } from './dunning.ts'

const FIRST = Date.parse('2026-03-28T10:00:00Z')

describe('after the first decline, on 28 March at 10:00', () => {
  it.each([
    // failed attempts | the next
    [1, '2026-03-29T10:00:00.000Z'],
    [2, '2026-03-31T10:00:00.000Z'],
    [3, '2026-04-02T10:00:00.000Z'],
    [4, '2026-04-04T10:00:00.000Z'],
    [5, 'the end'],
    [6, 'the end'],
  ])('%i failed: %s', (attempt, expected) => {
    const next = nextAttempt(FIRST, attempt)
    expect(next === null ? 'the end' : new Date(next).toISOString()).toBe(expected)
  })

  it.each([0, -1, 1.5, Number.NaN])('is no dunning without a failed attempt: %s', (attempt) => {
    expect(() => nextAttempt(FIRST, attempt)).toThrow('first failed attempt')
  })
})
