import { describe, expect, it } from 'vitest'
import { amountOf, formatAmount, ZERO } from './decimal.ts'
import { compareGrants, drawDown, type Grant, isLive, serves, spendableOn } from './drawdown.ts'
import { CREDITS, grantOf, METER } from './grant.samples.ts'

const NOW = 1_000
const OTHER_METER = METER + 1

describe('the drawdown order', () => {
  it.each<[string, Partial<Grant>, Partial<Grant>]>([
    // decides           | drawn first, though worse in all that follows              | drawn later
    ['wallet priority', { walletPriority: 1, priority: 9, expiresAt: null }, { walletPriority: 2, expiresAt: 5 }],
    ['grant priority', { priority: 1, expiresAt: 9, effectiveAt: 4 }, { priority: 2, expiresAt: 5, effectiveAt: 1 }],
    ['earliest expiry', { expiresAt: 5, effectiveAt: 4 }, { expiresAt: 6, effectiveAt: 1 }],
    ['no expiry comes last', { expiresAt: 5, effectiveAt: 4 }, { expiresAt: null, effectiveAt: 1 }],
    ['earliest effective time', { effectiveAt: 1 }, { effectiveAt: 2 }],
    ['earliest effective time, same expiry', { expiresAt: 5, effectiveAt: 1 }, { expiresAt: 5, effectiveAt: 2 }],
  ])('%s', (_, first, later) => {
    const [winner, loser] = [grantOf('z', '1', first), grantOf('a', '1', later)]
    expect(compareGrants(winner, loser)).toBeLessThan(0)
    expect(compareGrants(loser, winner)).toBeGreaterThan(0)
  })

  it('id, where nothing else decides', () => {
    expect(compareGrants(grantOf('a', '9'), grantOf('b', '1'))).toBeLessThan(0)
    expect(compareGrants(grantOf('b', '1'), grantOf('a', '9'))).toBeGreaterThan(0)
  })
})

describe('a grant is spendable in [effectiveAt, expiresAt)', () => {
  const span = { effectiveAt: 1_000, expiresAt: 2_000 }
  it.each<[string, Partial<Grant>, number, boolean]>([
    // story                   | grant                       | at   | spendable
    ['before it begins', span, 999, false],
    ['as it begins', span, 1_000, true],
    ['S15 the millisecond before its end', span, 1_999, true],
    ['S15 at its end', span, 2_000, false],
    ['long after its end', span, 9_999, false],
    ['never ends', { ...span, expiresAt: null }, 9e15, true],
    ['closed', { ...span, closed: true }, 1_500, false],
    ['begun, but not yet in the ledger', { ...span, entered: false }, 1_500, true],
    ['ends as it begins', { effectiveAt: 1_000, expiresAt: 1_000 }, 1_000, false],
  ])('%s', (_, differs, at, spendable) => {
    const grants = [grantOf('a', '5', differs)]
    const paid = drawDown(grants, { creditType: CREDITS, meter: METER, amount: amountOf('3'), at })
    expect(isLive(grants[0] as Grant, at)).toBe(spendable)
    expect(formatAmount(spendableOn(grants, CREDITS, METER, at))).toBe(spendable ? '5' : '0')
    expect(formatAmount(paid.shortfall)).toBe(spendable ? '0' : '3')
  })
})

describe('a grant serves', () => {
  it.each<[string, Partial<Grant>, boolean]>([
    // grant                           | serves the meter
    ['all meters, if it names none', {}, true],
    ['a meter that it names', { appliesTo: [OTHER_METER, METER] }, true],
    ['no meter that it does not name', { appliesTo: [OTHER_METER] }, false],
    ['no other credit type', { creditType: CREDITS + 1 }, false],
    ['no other credit type, even where it names the meter', { creditType: CREDITS + 1, appliesTo: [METER] }, false],
  ])('%s', (_, differs, expected) => {
    expect(serves(grantOf('a', '5', differs), CREDITS, METER)).toBe(expected)
  })
})

describe('what grants pay together', () => {
  const grants = {
    monthly: grantOf('monthly', '5', { kind: 'ALLOWANCE', expiresAt: 2_000 }),
    spent: grantOf('spent', '0', { kind: 'ALLOWANCE', expiresAt: 2_000 }),
    pack: grantOf('pack', '10'),
    images: grantOf('images', '8', { appliesTo: [OTHER_METER] }),
    future: grantOf('future', '7', { effectiveAt: NOW + 1 }),
  }
  it.each<[readonly (keyof typeof grants)[], string, string]>([
    // grants in order              | amount | draws and shortfall
    [['monthly', 'pack'], '0', '0 short'],
    [['monthly', 'pack'], '3', '3 of monthly, 0 short'],
    [['monthly', 'pack'], '5', '5 of monthly, 0 short'],
    [['monthly', 'pack'], '7.5', '5 of monthly, 2.5 of pack, 0 short'],
    [['monthly', 'pack'], '15', '5 of monthly, 10 of pack, 0 short'],
    [['monthly', 'pack'], '15.000000001', '5 of monthly, 10 of pack, 0.000000001 short'],
    [['pack', 'monthly'], '7.5', '7.5 of pack, 0 short'],
    [['spent', 'pack'], '1', '1 of pack, 0 short'],
    [['images', 'pack'], '12', '10 of pack, 2 short'],
    [['future', 'pack'], '12', '10 of pack, 2 short'],
    [['monthly', 'images', 'future'], '6', '5 of monthly, 1 short'],
    [[], '1', '1 short'],
  ])('%j, asked for %s: %s', (names, amount, expected) => {
    const asked = { creditType: CREDITS, meter: METER, amount: amountOf<'credits'>(amount), at: NOW }
    const { draws, shortfall } = drawDown(
      names.map((name) => grants[name]),
      asked,
    )
    const paid = draws.map(({ index, amount }) => `${formatAmount(amount)} of ${names[index]}`)
    expect([...paid, `${formatAmount(shortfall)} short`].join(', ')).toBe(expected)
  })

  it('held credits are not spendable: they have left what remains', () => {
    const half = grantOf('half', '10', { remaining: amountOf('4'), held: amountOf('6') })
    expect(formatAmount(spendableOn([half], CREDITS, METER, NOW))).toBe('4')
  })

  it('nothing without grants', () => {
    expect(spendableOn([], CREDITS, METER, NOW)).toBe(ZERO)
  })
})
