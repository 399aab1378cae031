import { CURRENCIES, chargeStep, formatMoney, parseMoney } from '@florin/core'
import { describe, expect, it } from 'vitest'
import { moneyOf, providerAmount } from './provider-calls.ts'

describe('money as the provider counts it', () => {
  it.each([
    // our amount | what the provider is asked for
    ['80', 'JPY', 80],
    ['0.80', 'USD', 80],
    ['1.234', 'KWD', 1234],
    ['107.20', 'USD', 10720],
    ['1500', 'KRW', 1500],
    ['5', 'UGX', 500],
    ['999999.99', 'EUR', 99_999_999],
    ['0.010', 'BHD', 10],
  ])('P20 %s %s is %i, and back', (text, currency, amount) => {
    const money = parseMoney(text, currency) ?? expect.fail(text)
    expect(providerAmount(money)).toBe(amount)
    expect(formatMoney(moneyOf(amount, currency.toLowerCase()))).toBe(text)
  })

  it('P20 comes back as it was in every currency', () => {
    for (const currency of CURRENCIES) {
      const money = { minor: 12_340n * chargeStep(currency), currency }
      expect(moneyOf(providerAmount(money), currency.toLowerCase())).toEqual(money)
    }
  })
})
