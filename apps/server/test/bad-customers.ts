import type { BadInput } from './bad-inputs.ts'

// The part of bad-inputs.ts that creates customers.

const NUL = 'a\u0000'
const UPSERT = `mutation ($input: CustomerInput!) { upsertCustomer(input: $input) { id } }`
const upserting = (input: object, fault: string): BadInput => ({ document: UPSERT, variables: { input }, fault })

export const BAD_CUSTOMERS: Record<string, BadInput> = {
  'upsertCustomer: no id': upserting({ id: '' }, 'INVALID_INPUT id'),
  'upsertCustomer: an id with a space': upserting({ id: 'a b' }, 'INVALID_INPUT id'),
  'upsertCustomer: an id with a NUL': upserting({ id: NUL }, 'INVALID_INPUT id'),
  'upsertCustomer: no such time zone': upserting({ id: 'new', timezone: 'Mars/Olympus' }, 'INVALID_INPUT timezone'),
  'upsertCustomer: no such currency': upserting({ id: 'new', currency: 'XXQ' }, 'INVALID_INPUT currency'),
  'upsertCustomer: no e-mail address': upserting({ id: 'new', email: 'nobody' }, 'INVALID_INPUT email'),
  'upsertCustomer: a name with a NUL': upserting({ id: 'new', name: NUL }, 'INVALID_INPUT name'),
  'upsertCustomer: metadata with a NUL': upserting({ id: 'new', metadata: { note: NUL } }, 'INVALID_INPUT metadata'),
}
