import type { BadInput } from './bad-inputs.ts'

// The part of bad-inputs.ts that is about who invoices are from and for.

const NUL = 'a\u0000'
const SELLER = `mutation ($input: SellerInput!) { setSeller(input: $input) { legalName } }`
const DETAILS = `mutation ($input: BillingDetailsInput!) { setBillingDetails(input: $input) { id } }`
const UPSERT = `mutation ($input: CustomerInput!) { upsertCustomer(input: $input) { id } }`

const selling = (input: object, fault: string): BadInput => ({ document: SELLER, variables: { input }, fault })
const detailing = (input: object, fault: string, as?: 'ada'): BadInput => ({
  document: DETAILS,
  variables: { input: { customerId: 'ada', ...input } },
  fault,
  ...(as && { as }),
})
const upserting = (input: object, fault: string): BadInput => ({
  document: UPSERT,
  variables: { input: { id: 'ada', ...input } },
  fault,
})

const asking = (field: 'billingDetails' | 'taxRate', customerId: string, fault: string, as?: 'ada'): BadInput => ({
  document: `query ($customerId: ID!) { ${field}(customerId: $customerId) { name } }`,
  variables: { customerId },
  fault,
  ...(as && { as }),
})
const paying = (token: string): BadInput => ({
  document: `mutation ($token: String!) { payInvoice(token: $token) { url } }`,
  variables: { token },
  fault: 'NOT_FOUND token',
  as: 'nobody',
})

const ADDRESS = { line1: 'Torstr. 1', city: 'Berlin', postalCode: '10119', country: 'DE' }

export const BAD_PARTIES: Record<string, BadInput> = {
  'setSeller: a name without letters': selling({ legalName: ' ' }, 'INVALID_INPUT legalName'),
  'setSeller: a long name': selling({ legalName: 'x'.repeat(201) }, 'INVALID_INPUT legalName'),
  'setSeller: a name on two lines': selling({ legalName: 'a\nb' }, 'INVALID_INPUT legalName'),
  'setSeller: a name that turns text around': selling({ legalName: 'a\u202eb' }, 'INVALID_INPUT legalName'),
  'setSeller: no street': selling({ address: { ...ADDRESS, line1: '' } }, 'INVALID_INPUT address.line1'),
  'setSeller: a long street': selling(
    { address: { ...ADDRESS, line2: 'x'.repeat(201) } },
    'INVALID_INPUT address.line2',
  ),
  'setSeller: no city': selling({ address: { ...ADDRESS, city: ' ' } }, 'INVALID_INPUT address.city'),
  'setSeller: no such country': selling({ address: { ...ADDRESS, country: 'UK' } }, 'INVALID_INPUT address.country'),
  'setSeller: a country by its name': selling(
    { address: { ...ADDRESS, country: 'Germany' } },
    'INVALID_INPUT address.country',
  ),
  'setSeller: a VAT id with a wrong digit': selling({ taxId: 'DE136695978' }, 'INVALID_INPUT taxId'),
  'setSeller: a short tax id': selling({ taxId: '12' }, 'INVALID_INPUT taxId'),
  'billingDetails: unknown customer': asking('billingDetails', 'nobody', 'NOT_FOUND customerId'),
  'billingDetails: an id with a NUL': asking('billingDetails', NUL, 'NOT_FOUND customerId'),
  'billingDetails: of somebody else': asking('billingDetails', 'alan', 'FORBIDDEN', 'ada'),
  'taxRate: unknown customer': asking('taxRate', 'nobody', 'NOT_FOUND customerId'),
  'taxRate: of somebody else': asking('taxRate', 'alan', 'FORBIDDEN', 'ada'),
  'seller: by a browser': { document: '{ seller { legalName taxId } }', variables: {}, fault: 'FORBIDDEN', as: 'ada' },
  'payInvoice: a token that nobody issued': paying(`inv_${'0'.repeat(32)}_${'a'.repeat(43)}`),
  'payInvoice: the token of something else': paying(`cs_${'0'.repeat(32)}_${'a'.repeat(43)}`),
  'payInvoice: a token with a NUL': paying(NUL),
  'setBillingDetails: unknown customer': detailing({ customerId: 'nobody' }, 'NOT_FOUND customerId'),
  'setBillingDetails: of somebody else': detailing({ customerId: 'alan', name: 'Ada' }, 'FORBIDDEN', 'ada'),
  'setBillingDetails: a name with a NUL': detailing({ name: NUL }, 'INVALID_INPUT name', 'ada'),
  'setBillingDetails: no name in it': detailing({ name: '' }, 'INVALID_INPUT name', 'ada'),
  'setBillingDetails: a name that nobody sees': detailing(
    { name: '\u200b\u3164\u00ad\u061c' },
    'INVALID_INPUT name',
    'ada',
  ),
  'setBillingDetails: a city that nobody sees': detailing(
    { address: { ...ADDRESS, city: '\u200b' } },
    'INVALID_INPUT address.city',
    'ada',
  ),
  'setBillingDetails: no e-mail address': detailing({ email: 'ada' }, 'INVALID_INPUT email', 'ada'),
  'setBillingDetails: a header in the e-mail address': detailing(
    { email: 'ada@example.com\r\nBcc: all@example.com' },
    'INVALID_INPUT email',
    'ada',
  ),
  'setBillingDetails: a long postal code': detailing(
    { address: { ...ADDRESS, postalCode: '1'.repeat(21) } },
    'INVALID_INPUT address.postalCode',
    'ada',
  ),
  'setBillingDetails: a state with a tab': detailing(
    { address: { ...ADDRESS, state: 'B\tE' } },
    'INVALID_INPUT address.state',
    'ada',
  ),
  'setBillingDetails: a VAT id that is too short': detailing({ taxId: 'ATU1358562' }, 'INVALID_INPUT taxId', 'ada'),
  'setBillingDetails: a tax id without a digit': detailing({ taxId: 'NONE SO FAR' }, 'INVALID_INPUT taxId', 'ada'),
  'upsertCustomer: no such country': upserting(
    { address: { ...ADDRESS, country: 'XX' } },
    'INVALID_INPUT address.country',
  ),
  'upsertCustomer: a bad tax id': upserting({ taxId: 'FR84323140391' }, 'INVALID_INPUT taxId'),
}
