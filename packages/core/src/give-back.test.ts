import { describe, expect, it } from 'vitest'
import { amountOf } from './decimal.ts'
import { mostToGiveBack, type PeriodAllowance } from './give-back.ts'
import { formatMoney, parseMoney } from './money.ts'

const pool = (granted: string, remaining: string): PeriodAllowance => ({
  granted: amountOf(granted),
  remaining: amountOf(remaining),
})

describe('the most that goes back', () => {
  it.each<[string, string, bigint, PeriodAllowance[], string]>([
    // story | paid | days left of 30 | pools | at most
    ['time, where less of it is left', '100.00', 15n, [pool('100', '80')], '50.00'],
    ['the unspent allowance, where less of it is left', '100.00', 15n, [pool('100', '20')], '20.00'],
    ['the pool of which least is left', '100.00', 30n, [pool('100', '80'), pool('9', '3'), pool('5', '5')], '33.33'],
    ['time alone, without an allowance', '100.00', 20n, [], '66.66'],
    ['a pool that nothing was granted of says nothing', '100.00', 15n, [pool('0', '0')], '50.00'],
    ['nothing, where all is spent', '100.00', 30n, [pool('100', '0')], '0.00'],
    ['nothing, where no time is left', '100.00', 0n, [pool('100', '100')], '0.00'],
    ['nothing of nothing', '0.00', 30n, [pool('100', '100')], '0.00'],
    ['a credit held is a credit spent', '100.00', 30n, [pool('100', '99.5')], '99.50'],
  ])('%s', (_, paid, left, pools, most) => {
    const allowance = new Map(pools.map((has, index) => [`type${index}`, has]))
    const soFar = { paid: parseMoney(paid, 'USD') ?? expect.fail(paid), allowance }
    expect(formatMoney(mostToGiveBack(soFar, { left, whole: 30n }))).toBe(most)
  })
})
