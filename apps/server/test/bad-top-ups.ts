import type { BadInput } from './bad-inputs.ts'

// Automatic top-ups that nobody can switch on, and what whoever tries is told.

const SET_AUTO_TOP_UP = `mutation ($input: AutoTopUpInput!) { setAutoTopUp(input: $input) { state } }`

const topUp = { customerId: 'ada', creditType: 'credits', enabled: true, threshold: '10', bundle: 'pack-100' }

const toppingUp = (more: object, fault: string): BadInput => ({
  document: SET_AUTO_TOP_UP,
  variables: { input: { ...topUp, ...more } },
  fault,
})

export const BAD_TOP_UPS: Readonly<Record<string, BadInput>> = {
  'setAutoTopUp: unknown customer': toppingUp({ customerId: 'nobody' }, 'NOT_FOUND customerId'),
  'setAutoTopUp: unknown credit type': toppingUp({ creditType: 'gold' }, 'NOT_FOUND creditType'),
  'setAutoTopUp: unknown bundle': toppingUp({ bundle: 'gold' }, 'NOT_FOUND bundle'),
  'setAutoTopUp: unknown bundle, switched off': toppingUp({ bundle: 'gold', enabled: false }, 'NOT_FOUND bundle'),
  'setAutoTopUp: a bundle of another credit type': toppingUp({ creditType: 'tokens' }, 'INVALID_INPUT bundle'),
  'setAutoTopUp: a threshold of nothing': toppingUp({ threshold: '0' }, 'INVALID_INPUT threshold'),
  'setAutoTopUp: a negative threshold': toppingUp({ threshold: '-1' }, 'INVALID_INPUT threshold'),
  'setAutoTopUp: a threshold above the size of the bundle': toppingUp(
    { threshold: '100.000000001' },
    'INVALID_INPUT threshold',
  ),
  'setAutoTopUp: no charge a month': toppingUp({ maxPerMonth: 0 }, 'INVALID_INPUT maxPerMonth'),
  'setAutoTopUp: no money a month': toppingUp({ maxSpendPerMonth: '0' }, 'INVALID_INPUT maxSpendPerMonth'),
  'setAutoTopUp: negative money': toppingUp({ maxSpendPerMonth: '-5' }, 'INVALID_INPUT maxSpendPerMonth'),
  'setAutoTopUp: tenths of a cent': toppingUp({ maxSpendPerMonth: '10.001' }, 'INVALID_INPUT maxSpendPerMonth'),
  'setAutoTopUp: more money than there is': toppingUp(
    { maxSpendPerMonth: '9'.repeat(30) },
    'INVALID_INPUT maxSpendPerMonth',
  ),
  'setAutoTopUp: another customer': {
    ...toppingUp({ customerId: 'grace' }, 'FORBIDDEN'),
    as: 'ada',
  },
}
