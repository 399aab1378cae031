import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Commitment, progressOf, settleCommitment } from './commitment.ts'
import { amountOf, type Credits, formatAmount, multiply, type Rate, subtract } from './decimal.ts'
import { anyAmount } from './grant.samples.ts'
import { type ExactMoney, formatMoney, parseMoney, roundToMinor } from './money.ts'
import { totalOf } from './plan-lines.ts'

const money = (text: string, currency = 'USD') => parseMoney(text, currency) ?? expect.fail(text)

const credits = (
  committed: string,
  drawn: string,
  takenBack: string,
  unitPrice: string,
  currency = 'USD',
): Commitment => ({
  kind: 'CREDITS',
  name: 'Contract',
  committed: amountOf(committed),
  drawn: amountOf(drawn),
  takenBack: amountOf(takenBack),
  unitPrice: amountOf(unitPrice),
  currency,
})

const spend = (committed: string, invoiced: string, currency = 'USD'): Commitment => ({
  kind: 'MONEY',
  name: 'Contract',
  committed: money(committed, currency),
  invoiced: invoiced.startsWith('-')
    ? { minor: -money(invoiced.slice(1), currency).minor, currency }
    : money(invoiced, currency),
})

const told = (commitment: Commitment) =>
  settleCommitment(commitment).map(
    ({ description, quantity, amount }) =>
      `${description.replace('Contract: ', '')}: ${formatAmount(quantity)} for ${formatMoney(amount)}`,
  )

describe('credits at the end of their term', () => {
  it.each<[string, Commitment, string[]]>([
    [
      '10,000 at 0.05, of which 6,000 were drawn',
      credits('10000', '6000', '0', '0.05'),
      ['credits drawn: 6000 for 300.00', 'credits committed and not drawn: 4000 for 200.00'],
    ],
    ['all of them drawn', credits('10000', '10000', '0', '0.05'), ['credits drawn: 10000 for 500.00']],
    ['none of them drawn', credits('10000', '0', '0', '0.05'), ['credits committed and not drawn: 10000 for 500.00']],
    [
      'an operator took 1,000 back: neither drawn nor missing',
      credits('10000', '6000', '1000', '0.05'),
      ['credits drawn: 6000 for 300.00', 'credits committed and not drawn: 3000 for 150.00'],
    ],
    ['all that was not drawn was taken back', credits('100', '40', '60', '1'), ['credits drawn: 40 for 40.00']],
    ['all of them taken back', credits('100', '0', '100', '1'), []],
    ['at no price', credits('100', '40', '0', '0'), []],
    [
      'halves of a cent: 3 at 0.335 are 1.01, shared 1 to 2 as 0.34 and 0.67',
      credits('3', '1', '0', '0.335'),
      ['credits drawn: 1 for 0.34', 'credits committed and not drawn: 2 for 0.67'],
    ],
    [
      'a cent that both round up is billed once: 1 at 0.01, drawn half',
      credits('1', '0.5', '0', '0.01'),
      ['credits drawn: 0.5 for 0.01'],
    ],
    [
      'yen have no decimals: 1,001 at 0.5 are 501',
      credits('1001', '1', '0', '0.5', 'JPY'),
      ['credits drawn: 1 for 1', 'credits committed and not drawn: 1000 for 500'],
    ],
  ])('%s', (_, commitment, lines) => expect(told(commitment)).toEqual(lines))

  it('are never more than what became of them', () => {
    expect(() => settleCommitment(credits('10', '6', '5', '1'))).toThrow('more than what became of it')
  })
})

describe('a minimum spend at the end of its term', () => {
  it.each<[string, Commitment, string[]]>([
    ['1,000 of which 640 were invoiced', spend('1000.00', '640.00'), ['shortfall of the minimum spend: 1 for 360.00']],
    ['nothing was invoiced', spend('1000.00', '0.00'), ['shortfall of the minimum spend: 1 for 1000.00']],
    ['just enough was', spend('1000.00', '1000.00'), []],
    ['more was', spend('1000.00', '1300.00'), []],
    [
      'more was given back than invoiced: the minimum, and not a cent more',
      spend('1000.00', '-20.00'),
      ['shortfall of the minimum spend: 1 for 1000.00'],
    ],
    [
      'in fils, of which a dinar has 1,000',
      spend('10.000', '2.501', 'KWD'),
      ['shortfall of the minimum spend: 1 for 7.499'],
    ],
  ])('%s', (_, commitment, lines) => expect(told(commitment)).toEqual(lines))
})

describe('progress', () => {
  const term = { start: 1_000, end: 2_000 }
  const at = (commitment: Commitment, instant: number) => {
    const { drawn, left, pace } = progressOf(commitment, term, instant)
    return [drawn, left, pace].map(commitment.kind === 'CREDITS' ? formatAmount : String).join(', ')
  }

  it.each<[string, Commitment, number, string]>([
    // story | commitment | at, in a term from 1,000 to 2,000 | drawn, left, pace
    ['before it begins', credits('100', '0', '0', '1'), 0, '0, 100, 0'],
    ['at a quarter, ahead', credits('100', '40', '0', '1'), 1_250, '40, 60, 25'],
    ['at three quarters, behind', credits('100', '40', '0', '1'), 1_750, '40, 60, 75'],
    ['at its end, and ever after', credits('100', '40', '0', '1'), 9_999, '40, 60, 100'],
    ['what was taken back is not to be drawn', credits('100', '40', '20', '1'), 1_500, '40, 40, 40'],
    ['money in minor units', spend('1000.00', '640.00'), 1_500, '64000, 36000, 50000'],
    ['more spent than committed', spend('1000.00', '1300.00'), 1_500, '130000, 0, 50000'],
    ['more given back than invoiced', spend('1000.00', '-5.00'), 1_500, '0, 100000, 50000'],
  ])('%s', (_, commitment, instant, expected) => expect(at(commitment, instant)).toBe(expected))

  it('a term that ended as it began is over', () => {
    expect(progressOf(spend('10.00', '0.00'), { start: 5, end: 5 }, 5)).toMatchObject({ left: 1_000n, pace: 1_000n })
  })
})

describe('laws', () => {
  const price = anyAmount<'rate'>() as fc.Arbitrary<Rate>
  const currency = fc.constantFrom('USD', 'JPY', 'KWD')
  const parts = fc.tuple(anyAmount<'credits'>(), anyAmount<'credits'>(), anyAmount<'credits'>())

  it('the lines of credits are what was committed and not taken back, at its price and rounded once', () => {
    fc.assert(
      fc.property(parts, price, currency, ([drawn, missing, takenBack], unitPrice, currency) => {
        const committed = (drawn + missing + takenBack) as Credits
        const lines = settleCommitment({ kind: 'CREDITS', name: '', committed, drawn, takenBack, unitPrice, currency })
        const due = multiply<'money'>(subtract(committed, takenBack), unitPrice) as ExactMoney
        expect(totalOf(lines, currency)).toEqual(roundToMinor(due, currency))
        expect(lines.every(({ amount }) => amount.minor > 0n)).toBe(true)
      }),
    )
  })

  it('what was invoiced and the shortfall are the minimum, or more where more was invoiced', () => {
    const minor = fc.bigInt({ min: 1n, max: 10n ** 12n })
    fc.assert(
      fc.property(minor, fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), (committed, invoiced) => {
        const usd = (minor: bigint) => ({ minor, currency: 'USD' })
        const missing = totalOf(
          settleCommitment({ kind: 'MONEY', name: '', committed: usd(committed), invoiced: usd(invoiced) }),
          'USD',
        ).minor
        const spent = invoiced > 0n ? invoiced : 0n
        expect(missing >= 0n && missing <= committed).toBe(true)
        expect(missing + spent).toBe(spent > committed ? spent : committed)
      }),
    )
  })

  it('progress never passes what is owed, whenever it is asked for', () => {
    fc.assert(
      fc.property(parts, fc.integer({ min: -50, max: 150 }), ([drawn, missing, takenBack], at) => {
        const committed = (drawn + missing + takenBack) as Credits
        const unitPrice = amountOf<'rate'>('1')
        const commitment = {
          kind: 'CREDITS',
          name: '',
          committed,
          drawn,
          takenBack,
          unitPrice,
          currency: 'USD',
        } as const
        const progress = progressOf(commitment, { start: 0, end: 100 }, at)
        expect(progress.drawn + progress.left).toBe(committed - takenBack)
        expect(progress.pace >= 0n && progress.pace <= committed - takenBack).toBe(true)
      }),
    )
  })
})
