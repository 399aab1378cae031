import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { amountOf, type Credits, formatAmount, negate } from './decimal.ts'
import { formatMoney, negateMoney, parseMoney } from './money.ts'
import { cutMoney, shareOf, shareOfMoney, smallerShare, timeShare, WHOLE } from './proration.ts'

const at = (iso: string): number => Date.parse(iso)
const usd = (text: string) => parseMoney(text, 'USD') ?? expect.fail(text)

describe('the time left in a period', () => {
  const start = at('2026-02-01T00:00:00Z')
  const end = at('2026-03-01T00:00:00Z')
  it.each([
    // at                     | seconds left of 28 days
    ['2026-02-01T00:00:00Z', 2_419_200n],
    ['2026-02-15T00:00:00Z', 1_209_600n],
    ['2026-02-28T23:59:59Z', 1n],
    ['2026-02-28T23:59:59.999Z', 1n],
    ['2026-03-01T00:00:00Z', 0n],
    ['2026-01-01T00:00:00Z', 2_419_200n],
    ['2026-04-01T00:00:00Z', 0n],
  ])('%s: %s s', (moment, left) => {
    expect(timeShare(start, end, at(moment))).toEqual({ left, whole: 2_419_200n })
  })

  it('counts the real length of a period, with the hour that spring takes', () => {
    const share = timeShare(at('2026-03-08T05:00Z'), at('2026-03-09T04:00Z'), at('2026-03-08T05:00Z'))
    expect(share).toEqual({ left: 82_800n, whole: 82_800n })
  })

  it.each([
    ['empty', start, start],
    ['backwards', end, start],
    ['shorter than a second', start, start + 999],
  ])('throws on a period that is %s', (_, from, to) => {
    expect(() => timeShare(from, to, from)).toThrow('at least a second')
  })
})

describe('shares', () => {
  it.each([
    // credits      | left | whole | share
    ['105', 1n, 2n, '52.5'],
    ['100', 1n, 3n, '33.333333333'],
    ['100', 2n, 3n, '66.666666666'],
    ['-100', 2n, 3n, '-66.666666666'],
    ['0.000000001', 1n, 2n, '0'],
    ['80', 0n, 30n, '0'],
    ['80', 30n, 30n, '80'],
  ])('of %s credits, %s/%s is %s', (credits, left, whole, share) => {
    expect(formatAmount(shareOf<'credits'>(amountOf(credits), { left, whole }))).toBe(share)
  })

  it.each([
    // USD     | left | whole | share
    ['80.00', 1n, 2n, '40.00'],
    ['100.00', 1n, 3n, '33.33'],
    ['100.00', 2n, 3n, '66.67'],
    ['0.01', 1n, 2n, '0.01'],
    ['-0.01', 1n, 2n, '-0.01'],
    ['0.01', 4_999n, 10_000n, '0.00'],
    ['80.00', 0n, 1n, '0.00'],
  ])('of %s USD, %s/%s is %s', (money, left, whole, share) => {
    expect(formatMoney(shareOfMoney(usd(money), { left, whole }))).toBe(share)
  })

  it.each([
    // USD     | left | whole | at most
    ['100.00', 2n, 3n, '66.66'],
    ['0.01', 9_999n, 10_000n, '0.00'],
    ['0.01', 1n, 1n, '0.01'],
    ['80.00', 0n, 1n, '0.00'],
  ])('within %s USD, %s/%s holds %s: cents are cut', (money, left, whole, most) => {
    expect(formatMoney(cutMoney(usd(money), { left, whole }))).toBe(most)
  })

  it.each([
    // one | other | smaller
    [{ left: 1n, whole: 3n }, { left: 2n, whole: 5n }, '1/3'],
    [{ left: 2n, whole: 5n }, { left: 1n, whole: 3n }, '1/3'],
    [{ left: 0n, whole: 9n }, WHOLE, '0/9'],
    [WHOLE, { left: 7n, whole: 7n }, '1/1'],
  ])('of %o and %o, the smaller is %s', (one, other, expected) => {
    const { left, whole } = smallerShare(one, other)
    expect(`${left}/${whole}`).toBe(expected)
  })

  const fraction = fc
    .tuple(fc.bigInt({ min: 1n, max: 40_000_000n }), fc.bigInt({ min: 0n, max: 40_000_000n }))
    .map(([whole, part]) => ({ whole, left: part % (whole + 1n) }))
  const minor = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n })

  it('are never more than the whole, and never worth more than the time that is left', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 40n }), fraction, (value, share) => {
        const amount = amountOf<'credits'>(formatAmount(value))
        const part: Credits = shareOf(amount, share)
        expect(part * share.whole <= amount * share.left).toBe(true)
        expect(part <= amount).toBe(true)
      }),
    )
  })

  it('give back what they charged, and nothing of credits or money is made by going there and back', () => {
    fc.assert(
      fc.property(minor, fraction, (cents, share) => {
        const money = { minor: cents, currency: 'USD' }
        expect(shareOfMoney(negateMoney(money), share)).toEqual(negateMoney(shareOfMoney(money, share)))
        const credits = amountOf<'credits'>(String(cents))
        expect(shareOf(negate(credits), share)).toBe(negate(shareOf(credits, share)))
      }),
    )
  })
})
