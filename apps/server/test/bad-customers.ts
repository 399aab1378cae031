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
  'upsertCustomer: a name that would fill pages': upserting({ id: 'new', name: 'x'.repeat(201) }, 'INVALID_INPUT name'),
  'upsertCustomer: a name on two lines': upserting({ id: 'new', name: 'Ada\nPaid in full' }, 'INVALID_INPUT name'),
  'upsertCustomer: a name that turns text around': upserting({ id: 'new', name: 'a\u202eb' }, 'INVALID_INPUT name'),
  'upsertCustomer: a long e-mail address': upserting(
    { id: 'new', email: `${'a'.repeat(250)}@b.cd` },
    'INVALID_INPUT email',
  ),
  'upsertCustomer: an e-mail address that turns text around': upserting(
    { id: 'new', email: 'a\u202eb@c.de' },
    'INVALID_INPUT email',
  ),
  'upsertCustomer: metadata with a NUL': upserting({ id: 'new', metadata: { note: NUL } }, 'INVALID_INPUT metadata'),
}
