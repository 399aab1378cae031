import { describe, expect, it } from 'vitest'
import { decideDunning, nextAttempt } from './dunning.ts'

const FIRST = Date.parse('2026-03-28T10:00:00Z')

describe('after the first decline, on 28 March at 10:00', () => {
  it.each([
    // failed attempts | what happens
    [1, 'PAST_DUE 2026-03-29T10:00:00.000Z'],
    [2, 'PAST_DUE 2026-03-31T10:00:00.000Z'],
    [3, 'PAST_DUE 2026-04-02T10:00:00.000Z'],
    [4, 'PAST_DUE 2026-04-04T10:00:00.000Z'],
    [5, 'CANCELED'],
    [6, 'CANCELED'],
  ])('%i failed: %s', (attempt, expected) => {
    const decision = decideDunning(FIRST, attempt)
    const retry = decision.status === 'PAST_DUE' ? ` ${new Date(decision.retryAt).toISOString()}` : ''
    expect(decision.status + retry).toBe(expected)
    expect(nextAttempt(FIRST, attempt)).toBe(decision.status === 'PAST_DUE' ? decision.retryAt : null)
  })

  it.each([0, -1, 1.5, Number.NaN])('is no dunning without a failed attempt: %s', (attempt) => {
    expect(() => nextAttempt(FIRST, attempt)).toThrow('first failed attempt')
  })
})
