import type { BadInput } from './bad-inputs.ts'
import { PLACE, SET_BUDGET } from './trees.ts'

// The part of bad-inputs.ts that is about trees of customers and their budgets.

const budgeting = (more: object, fault: string): BadInput => ({
  document: SET_BUDGET,
  variables: { input: { customerId: 'ada', creditType: 'credits', limit: '1', ...more } },
  fault,
})
const placing = (id: string, parentId: string, fault: string): BadInput => ({
  document: PLACE,
  variables: { id, parentId },
  fault,
})

export const BAD_BUDGETS: Record<string, BadInput> = {
  'setBudget: unknown customer': budgeting({ customerId: 'nobody' }, 'NOT_FOUND customerId'),
  'setBudget: unknown credit type': budgeting({ creditType: 'gold' }, 'NOT_FOUND creditType'),
  'setBudget: a negative limit': budgeting({ limit: '-1' }, 'INVALID_INPUT limit'),
  'setBudget: tenths of a billionth': budgeting({ limit: '0.0000000001' }, 'INVALID_INPUT limit'),
  'setBudget: an unknown period': budgeting({ period: 'HOUR' }, 'INVALID_INPUT period'),
  'setBudget: one of their own': { ...budgeting({}, 'FORBIDDEN'), as: 'ada' },
  'upsertCustomer: an unknown parent': placing('ada', 'nobody', 'NOT_FOUND parentId'),
  'upsertCustomer: a parent with a NUL': placing('ada', 'a\u0000', 'INVALID_INPUT parentId'),
  'upsertCustomer: below themselves': placing('ada', 'ada', 'INVALID_INPUT parentId'),
}
