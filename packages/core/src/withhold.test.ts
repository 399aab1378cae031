import { expect, it } from 'vitest'
import { amountOf, type Credits } from './decimal.ts'
import { withholdSpent } from './withhold.ts'

const credits = (amount: string) => amountOf<'credits'>(amount)
const spent = (...pairs: [string, string][]): [string, Credits][] =>
  pairs.map(([code, amount]) => [code, credits(amount)])
const free = new Map(spent(['credits', '5'], ['images', '2']))

it.each([
  ['nothing', [], { credits: '5', images: '2' }, {}],
  ['a part', spent(['credits', '1.5']), { credits: '3.5', images: '2' }, { credits: '1.5' }],
  ['twice', spent(['credits', '1'], ['credits', '3']), { credits: '1', images: '2' }, { credits: '4' }],
  ['all, and the type is gone', spent(['credits', '5']), { images: '2' }, { credits: '5' }],
  ['no more than there is', spent(['credits', '4'], ['credits', '9']), { images: '2' }, { credits: '5' }],
  [
    'of another type, or less than nothing',
    spent(['video', '3'], ['credits', '-1']),
    { credits: '5', images: '2' },
    {},
  ],
])('withholds %s', (_, had, allowances, withheld) => {
  const told = (amounts: object) => new Map(spent(...(Object.entries(amounts) as [string, string][])))
  expect(withholdSpent(free, had)).toEqual({ allowances: told(allowances), withheld: told(withheld) })
})
