import { expect, test } from 'vitest'
import { readTerms } from './top-up-form.ts'

const PACK = {
  code: 'pack-50',
  name: 'Small pack',
  creditType: 'credits',
  credits: '50',
  price: { amount: '6.00', currency: 'USD' },
  expiresAfterDays: null,
}
const draft = { bundle: 'pack-50', threshold: '10', maxPerMonth: '', maxSpendPerMonth: '' }
const read = (parts: object) => readTerms({ ...draft, ...parts }, [PACK])

test('limits that are left empty are none', () => {
  expect(read({})).toEqual({
    terms: { bundle: 'pack-50', threshold: '10', maxPerMonth: null, maxSpendPerMonth: null },
  })
  expect(read({ threshold: '2,5', maxPerMonth: ' 3 ', maxSpendPerMonth: '18' })).toEqual({
    terms: { bundle: 'pack-50', threshold: '2.5', maxPerMonth: 3, maxSpendPerMonth: '18' },
  })
})

test.each([
  ['bundle', 'gone', 'Choose what to buy.'],
  ['threshold', '', 'Write a number of credits above 0, such as 10.'],
  ['threshold', '0', 'Write a number of credits above 0, such as 10.'],
  ['threshold', '-3', 'Write a number of credits above 0, such as 10.'],
  ['threshold', '50.1', 'Write at most 50, which is what one purchase brings.'],
  ['maxPerMonth', '0', 'Write a whole number of at least 1, or leave it empty for no limit.'],
  ['maxPerMonth', '1.5', 'Write a whole number of at least 1, or leave it empty for no limit.'],
  ['maxSpendPerMonth', 'much', 'Write an amount of USD, such as 6.00, or leave it empty for no limit.'],
  ['maxSpendPerMonth', '6.001', 'Write an amount of USD, such as 6.00, or leave it empty for no limit.'],
  ['maxSpendPerMonth', '5.99', 'One purchase costs $6.00: the limit must be at least that.'],
])('%s %j: %s', (field, typed, problem) => {
  expect(read({ [field]: typed })).toEqual({ problems: { [field]: problem } })
})

test('all that is wrong is told at once', () => {
  expect(read({ threshold: 'x', maxPerMonth: 'y', maxSpendPerMonth: 'z' })).toEqual({
    problems: {
      threshold: expect.any(String),
      maxPerMonth: expect.any(String),
      maxSpendPerMonth: expect.any(String),
    },
  })
})
