import { describe, expect, it } from 'vitest'
import {
  add,
  afterwards,
  cause,
  end,
  grow,
  IMAGES,
  NOW,
  open,
  type Step,
  shrink,
  spend,
  statement,
  wait,
} from './account.samples.ts'
import { availableOf, endGrant, openAccount, shrinkGrant } from './account.ts'
import { catchUp } from './catch-up.ts'
import { amountOf, formatAmount } from './decimal.ts'
import type { Grant } from './drawdown.ts'
import { CREDITS, grantOf } from './grant.samples.ts'

describe('the statement of', () => {
  it.each<[string, Step[], string[]]>([
    // story | steps | statement: version, kind, grant, change = balance
    ['a grant', [add('a', '5')], ['1 GRANT a 5 = 5']],
    ['two grants', [add('a', '5'), add('b', '2.5')], ['1 GRANT a 5 = 5', '2 GRANT b 2.5 = 7.5']],
    [
      'a draw over two grants: one version, a line for each grant',
      [add('pack', '10'), add('monthly', '5', { expiresAt: 9_000 }), spend('7')],
      ['1 GRANT pack 10 = 10', '2 GRANT monthly 5 = 15', '3 DRAW monthly -5 = 10', '3 DRAW pack -2 = 8'],
    ],
    ['a draw beyond the grants', [add('a', '5'), spend('8')], ['1 GRANT a 5 = 5', '2 DRAW a -5 = 0']],
    ['a draw of nothing', [add('a', '5'), spend('0')], ['1 GRANT a 5 = 5']],
    ['a draw without grants', [spend('1')], []],
    [
      'two credit types, each with its own balance',
      [add('a', '5'), add('i', '9', { creditType: IMAGES }), spend('2'), spend('3', IMAGES)],
      ['1 GRANT a 5 = 5', '2 GRANT i 9 = 9', '3 DRAW a -2 = 3', '4 DRAW i -3 = 6'],
    ],
    [
      'an upgrade: the allowance of the period grows, what was used stays used',
      [add('monthly', '5', { kind: 'ALLOWANCE' }), spend('3'), grow('monthly', '100')],
      ['1 GRANT monthly 5 = 5', '2 DRAW monthly -3 = 2', '3 GRANT monthly 100 = 102'],
    ],
    [
      'an upgrade after the allowance was spent',
      [add('monthly', '5', { kind: 'ALLOWANCE' }), spend('5'), grow('monthly', '20')],
      ['1 GRANT monthly 5 = 5', '2 DRAW monthly -5 = 0', '3 GRANT monthly 20 = 20'],
    ],
    [
      'a downgrade: the allowance of the period shrinks, what was used stays used',
      [add('monthly', '105', { kind: 'ALLOWANCE' }), spend('3'), shrink('monthly', '80'), spend('22')],
      ['1 GRANT monthly 105 = 105', '2 DRAW monthly -3 = 102', '3 VOID monthly -80 = 22', '4 DRAW monthly -22 = 0'],
    ],
    [
      'a downgrade by all that remains, and an upgrade after it',
      [add('monthly', '105', { kind: 'ALLOWANCE' }), spend('100'), shrink('monthly', '5'), grow('monthly', '5')],
      ['1 GRANT monthly 105 = 105', '2 DRAW monthly -100 = 5', '3 VOID monthly -5 = 0', '4 GRANT monthly 5 = 5'],
    ],
    [
      'a grant taken back: only what remains',
      [add('a', '5'), spend('2'), end('a')],
      ['1 GRANT a 5 = 5', '2 DRAW a -2 = 3', '3 VOID a -3 = 0'],
    ],
    ['an allowance ended early', [add('a', '5'), end('a', 'EXPIRE')], ['1 GRANT a 5 = 5', '2 EXPIRE a -5 = 0']],
    [
      'an allowance taken back when all of it is spent',
      [add('a', '5', { kind: 'ALLOWANCE' }), spend('5'), end('a')],
      ['1 GRANT a 5 = 5', '2 DRAW a -5 = 0'],
    ],
    [
      'a grant of the future: it enters when it takes effect',
      [add('next', '9', { effectiveAt: 2_000 }), wait(1_999), wait(2_000)],
      ['2 GRANT next 9 = 9'],
    ],
    [
      'a grant of the future that grows before its time',
      [add('next', '9', { effectiveAt: 2_000 }), grow('next', '1'), wait(2_000)],
      ['3 GRANT next 10 = 10'],
    ],
    [
      'a grant of the future that is taken back before its time: it never enters',
      [add('next', '9', { effectiveAt: 2_000 }), end('next'), wait(2_000)],
      [],
    ],
    [
      'an expiry: what is left goes',
      [add('a', '5', { expiresAt: 2_000 }), spend('2'), wait(1_999), wait(2_000)],
      ['1 GRANT a 5 = 5', '2 DRAW a -2 = 3', '3 EXPIRE a -3 = 0'],
    ],
    [
      'an expiry of what is spent',
      [add('a', '5', { expiresAt: 2_000 }), spend('5'), wait(2_000)],
      ['1 GRANT a 5 = 5', '2 DRAW a -5 = 0'],
    ],
    [
      'months without anybody looking: in the order of time, in one version',
      [
        add('may', '5', { expiresAt: 2_000 }),
        add('june', '6', { effectiveAt: 2_000, expiresAt: 3_000 }),
        add('july', '7', { effectiveAt: 3_000, expiresAt: 4_000 }),
        wait(3_500),
      ],
      ['1 GRANT may 5 = 5', '4 EXPIRE may -5 = 0', '4 GRANT june 6 = 6', '4 EXPIRE june -6 = 0', '4 GRANT july 7 = 7'],
    ],
  ])('%s', (_, steps, expected) => {
    expect(statement(afterwards(...steps))).toEqual(expected)
  })
})

describe('held credits', () => {
  const half = (differs: Partial<Grant> = {}) =>
    openAccount(1, [grantOf('half', '10', { remaining: amountOf('4'), held: amountOf('6'), ...differs })])

  it('stay with their hold when the grant is taken back', () => {
    const { account, entries } = endGrant(half(), 'half', 'VOID', NOW, cause)
    expect(statement({ account, entries })).toEqual(['2 VOID half -4 = 0'])
    const kept = { remaining: amountOf<'credits'>('0'), held: amountOf<'credits'>('6'), ended: 'VOID' as const }
    expect(account.grants).toEqual([grantOf('half', '10', kept)])
  })

  it('keep a drawn grant open', () => {
    const { account } = spend('4')(half())
    expect(open(account)).toBe('half 0')
  })

  it('stay with their hold when the grant expires, which happens once', () => {
    const expired = catchUp(half({ expiresAt: 2_000 }), 2_000)
    expect(statement(expired)).toEqual(['2 EXPIRE half -4 = 0'])
    expect(open(expired.account)).toBe('half 0')
    expect(catchUp(expired.account, 9_000)).toEqual({ account: expired.account, entries: [] })
  })
})

describe('an account', () => {
  it('is opened with the balances of what has entered, in drawdown order', () => {
    const account = openAccount(41, [
      grantOf('pack', '10'),
      grantOf('next', '7', { effectiveAt: 2_000, entered: false }),
      grantOf('monthly', '5', { expiresAt: 3_000 }),
      grantOf('images', '2', { creditType: IMAGES, priority: 1 }),
    ])
    expect(account.version).toBe(41)
    expect(open(account)).toBe('images 2, monthly 5, pack 10, next 7')
    expect(formatAmount(availableOf(account, CREDITS))).toBe('15')
    expect(formatAmount(availableOf(account, IMAGES))).toBe('2')
    expect(formatAmount(availableOf(account, IMAGES + 1))).toBe('0')
    expect(account.nextDueAt).toBe(2_000)
  })

  it('takes a new grant into its place in the drawdown order', () => {
    const first = { priority: 1 }
    expect(open(afterwards(add('a', '1'), add('c', '3'), add('b', '2'), add('z', '4', first)).account)).toBe(
      'z 4, a 1, b 2, c 3',
    )
  })

  it('closes a pack that is spent, and keeps a spent allowance: the period’s `used` is read from it', () => {
    const { account } = afterwards(add('a', '5', { kind: 'ALLOWANCE' }), add('b', '2'), spend('7'))
    expect(open(account)).toBe('a 0')
  })

  it.each([
    ['grow', grow('gone', '1')],
    ['shrink', shrink('gone', '1')],
    ['end', end('gone')],
  ])('cannot %s a grant that it does not have, or that is closed', (_, step) => {
    expect(() => afterwards(step)).toThrow('grant gone is not open in this account')
    expect(() => afterwards(add('gone', '5'), spend('5'), step)).toThrow('grant gone is not open in this account')
  })

  it.each([
    ['grow by less than nothing', grow('a', '-1'), 'a grant grows by a positive amount'],
    ['shrink by less than nothing', shrink('a', '-1'), 'has not that much'],
    ['shrink by more than remains', shrink('a', '3.1'), 'has not that much'],
  ])('cannot %s', (_, step, why) => {
    expect(() => afterwards(add('a', '5'), spend('2'), step)).toThrow(why)
  })

  it('counts what a downgrade took back as never granted: of 105, 3 used, 80 taken back, 25 were granted', () => {
    const { account } = afterwards(add('a', '105', { kind: 'ALLOWANCE' }), spend('3'), shrink('a', '80'))
    expect(account.grants.map(({ amount, remaining }) => [amount, remaining].map(formatAmount))).toEqual([['25', '22']])
  })

  it('leaves held credits with their hold, and keeps a pack open for it', () => {
    const held = grantOf('a', '2', { amount: amountOf('5'), held: amountOf('3') })
    const { account } = shrinkGrant(openAccount(0, [held]), 'a', amountOf('2'), NOW, cause)
    expect(account.grants).toEqual([{ ...held, amount: amountOf('3'), remaining: amountOf('0') }])
  })

  it('closes a pack of which all that was left is taken back', () => {
    expect(open(afterwards(add('a', '5'), spend('2'), shrink('a', '3')).account)).toBe('')
  })
})
