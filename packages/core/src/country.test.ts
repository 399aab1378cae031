import { expect, it } from 'vitest'
import { COUNTRIES, hasEuVat, hasEuVatPrefix, isCountry } from './country.ts'

it('knows the 249 countries of ISO 3166-1, each once and in order', () => {
  expect(COUNTRIES).toHaveLength(249)
  expect([...new Set(COUNTRIES)].sort()).toEqual(COUNTRIES)
})

it.each([
  ['DE', true],
  ['GR', true],
  // A prefix of VAT ids, and codes that ICU knows and ISO has not assigned.
  ['EL', false],
  ['XK', false],
  ['UK', false],
  ['EU', false],
  ['de', false],
])('%s is a country: %s', (code, known) => expect(isCountry(code)).toBe(known))

it('knows where VAT ids of the European Union are given, and how they begin', () => {
  expect(['DE', 'GR', 'GB', 'US', 'CH'].map(hasEuVat)).toEqual([true, true, true, false, false])
  expect(['DE1', 'EL1', 'XI1', 'GR1', 'GB1', '12'].map(hasEuVatPrefix)).toEqual([true, true, true, false, false, false])
})
