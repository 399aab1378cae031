import { describe, expect, it } from 'vitest'
import { add, afterwards, cause, end, NOW, roll, type Step, spend, statement, wait } from './account.samples.ts'
import { availableOf, draw, openAccount, rollOver } from './account.ts'
import { catchUp } from './catch-up.ts'
import { amountOf, formatAmount } from './decimal.ts'
import { CREDITS, grantOf, METER } from './grant.samples.ts'

describe('time alone', () => {
  const late = afterwards(add('a', '5', { effectiveAt: 2_000, expiresAt: 3_000 }), wait(9_000))

  it('writes the instant at which it took effect, however late', () => {
    expect(late.entries.map(({ kind, effectiveAt }) => [kind, effectiveAt])).toEqual([
      ['GRANT', 2_000],
      ['EXPIRE', 3_000],
    ])
  })

  it('is its own cause', () => {
    expect(late.entries.map((entry) => entry.cause)).toEqual([
      { type: 'time', id: 'a' },
      { type: 'time', id: 'a' },
    ])
  })

  it.each<[string, Step[], number]>([
    // account                          | steps                                            | next due
    ['empty', [], Number.POSITIVE_INFINITY],
    ['a grant without end', [add('a', '5')], Number.POSITIVE_INFINITY],
    ['a grant that ends', [add('a', '5', { expiresAt: 5_000 })], 5_000],
    ['a grant that begins', [add('a', '5', { effectiveAt: 2_000, expiresAt: 5_000 })], 2_000],
    ['the same, begun', [add('a', '5', { effectiveAt: 2_000, expiresAt: 5_000 }), wait(2_000)], 5_000],
    ['the same, ended', [add('a', '5', { expiresAt: 5_000 }), wait(5_000)], Number.POSITIVE_INFINITY],
    ['two that end', [add('a', '5', { expiresAt: 5_000 }), add('b', '1', { expiresAt: 4_000 })], 4_000],
    ['a spent pack', [add('a', '5', { expiresAt: 5_000 }), spend('5')], Number.POSITIVE_INFINITY],
    ['an allowance', [add('a', '5', { kind: 'ALLOWANCE', expiresAt: 5_000 })], Number.POSITIVE_INFINITY],
    ['credits rolled over', [add('a', '5', { kind: 'ROLLOVER', expiresAt: 5_000 })], 5_000],
    ['a voided grant of the future', [add('a', '5', { effectiveAt: 2_000 }), end('a')], Number.POSITIVE_INFINITY],
  ])('is next due for %s', (_, steps, due) => {
    expect(afterwards(...steps).account.nextDueAt).toBe(due)
  })

  it('changes nothing before anything is due: the very same account', () => {
    const { account } = afterwards(add('a', '5', { expiresAt: 2_000 }))
    expect(catchUp(account, 1_999).account).toBe(account)
  })
})

describe('S17 at the end of a period', () => {
  it.each<[string, Step[], string[]]>([
    // story | steps | statement
    [
      'an allowance waits for its renewal, whoever sweeps before it',
      [add('may', '5', { kind: 'ALLOWANCE', expiresAt: 2_000 }), wait(9_000)],
      ['1 GRANT may 5 = 5'],
    ],
    [
      'a part goes into credits rolled over, the rest expires',
      [
        add('may', '5', { kind: 'ALLOWANCE', expiresAt: 2_000 }),
        roll('may', '3'),
        add('kept', '3', { kind: 'ROLLOVER' }),
        end('may', 'EXPIRE'),
      ],
      ['1 GRANT may 5 = 5', '1 ROLLOVER may -3 = 2', '2 ROLLOVER kept 3 = 5', '3 EXPIRE may -2 = 3'],
    ],
  ])('%s', (_, steps, expected) => {
    expect(statement(afterwards(...steps))).toEqual(expected)
  })

  it('an allowance can no longer be spent, although no renewal has run', () => {
    const { account } = afterwards(add('may', '5', { kind: 'ALLOWANCE', expiresAt: 2_000 }))
    const usage = { creditType: CREDITS, meter: METER, amount: amountOf<'credits'>('1'), at: 2_000, cause }
    expect(formatAmount(draw(account, usage).shortfall)).toBe('1')
  })

  it('no more can be rolled over than what remains', () => {
    const { account } = afterwards(add('may', '5'), spend('3'))
    expect(() => rollOver(account, 'may', amountOf('2.1'), NOW, cause)).toThrow('has not that much')
    expect(() => rollOver(account, 'may', amountOf('-1'), NOW, cause)).toThrow('has not that much')
  })
})

describe('S15 at the exact instant of expiry', () => {
  it.each([
    // at  | drawn | without a sweeper
    [1_999, '2', '3'],
    [2_000, '0', '5'],
    [2_001, '0', '5'],
  ])('at %i a draw of 2 takes %s and leaves %s', (at, drawn, left) => {
    const account = openAccount(1, [grantOf('a', '5', { expiresAt: 2_000 })])
    const { entries, shortfall, account: after } = spend('2', CREDITS, at)(account) as ReturnType<typeof draw>
    expect(formatAmount(entries.reduce((sum, { amount }) => sum - amount, 0n))).toBe(drawn)
    expect(formatAmount(amountOf<'credits'>('2') - shortfall)).toBe(drawn)
    expect(formatAmount(availableOf(after, CREDITS))).toBe(left)
  })
})
