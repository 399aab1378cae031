import { expect, it } from 'vitest'
import { type Address, addressLines, countryName } from './address.ts'

const NOTHING = { line2: null, postalCode: null, state: null }

it.each<[string, Omit<Address, keyof typeof NOTHING> & Partial<Address>, string]>([
  [
    'the code before the city',
    { line1: 'Torstr. 1', city: 'Berlin', postalCode: '10119', country: 'DE' },
    'Torstr. 1 | 10119 Berlin | Germany',
  ],
  [
    'the code after city and state',
    { line1: '1 Main St', line2: 'Suite 5', city: 'Austin', postalCode: '78701', state: 'TX', country: 'US' },
    '1 Main St | Suite 5 | Austin, TX 78701 | United States',
  ],
  [
    'a state after the city',
    { line1: 'Via Roma 1', city: 'Milano', postalCode: '20121', state: 'MI', country: 'IT' },
    'Via Roma 1 | 20121 Milano, MI | Italy',
  ],
  ['neither code nor state', { line1: 'Road 1', city: 'Dublin', country: 'IE' }, 'Road 1 | Dublin | Ireland'],
])('has %s', (_, address, lines) => expect(addressLines({ ...NOTHING, ...address }).join(' | ')).toBe(lines))

it('names countries in English', () => expect(countryName('CH')).toBe('Switzerland'))
