import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { amountOf } from './decimal.ts'
import { keptOf, mostToGiveBack, type PeriodAllowance, type PeriodSoFar } from './give-back.ts'
import { addMoney, formatMoney, notNegative, parseMoney, smallerMoney, subtractMoney } from './money.ts'

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

describe('what a period has used up', () => {
  const usd = (text: string) => parseMoney(text, 'USD') ?? expect.fail(text)
  const halfTime = { left: 15n, whole: 30n }

  it('never falls: nine steps down at half time give back no more than one', () => {
    let soFar: PeriodSoFar = { paid: usd('800.00'), allowance: new Map() }
    let back = 0n
    for (const price of ['408.00', '216.00', '120.00', '72.00', '48.00', '32.00', '24.00', '16.00', '8.00']) {
      const kept = keptOf(soFar, halfTime)
      const gives = smallerMoney(mostToGiveBack(soFar, halfTime), notNegative(subtractMoney(soFar.paid, usd(price))))
      back += gives.minor
      soFar = { ...soFar, paid: subtractMoney(soFar.paid, gives), kept }
    }
    expect(back).toBe(40_000n)
  })

  it('is never more than was paid gives back, whatever was paid and taken back, in any order', () => {
    const step = fc.record({ left: fc.integer({ min: 0, max: 30 }), pays: fc.nat(10_000), takes: fc.nat(10_000) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const ordered = [...steps].sort((a, b) => b.left - a.left)
        let soFar: PeriodSoFar = { paid: usd('0.00'), allowance: new Map() }
        let [paid, back] = [0n, 0n]
        for (const { left, pays, takes } of ordered) {
          const time = { left: BigInt(left), whole: 30n }
          const gives = smallerMoney(mostToGiveBack(soFar, time), { minor: BigInt(takes), currency: 'USD' })
          const kept = keptOf(soFar, time)
          soFar = {
            ...soFar,
            kept,
            paid: addMoney(subtractMoney(soFar.paid, gives), { minor: BigInt(pays), currency: 'USD' }),
          }
          back += gives.minor
          paid += BigInt(pays)
          expect(back <= paid).toBe(true)
          expect(soFar.paid.minor >= 0n).toBe(true)
        }
      }),
    )
  })
})
