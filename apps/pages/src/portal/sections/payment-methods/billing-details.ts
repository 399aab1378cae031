import type { BillingDetails, BillingDetailsInput } from '@florin/sdk'
import type { ActionFault } from '../../use-action.ts'

/** What somebody has typed so far, by the names of the API's fields. */
export type Draft = Record<DetailField, string>

export const DETAIL_FIELDS = [
  'name',
  'email',
  'taxId',
  'address.line1',
  'address.line2',
  'address.postalCode',
  'address.city',
  'address.state',
  'address.country',
] as const

export type DetailField = (typeof DETAIL_FIELDS)[number]

export function draftOf({ name, email, taxId, address }: BillingDetails): Draft {
  return {
    name: name ?? '',
    email: email ?? '',
    taxId: taxId ?? '',
    'address.line1': address?.line1 ?? '',
    'address.line2': address?.line2 ?? '',
    'address.postalCode': address?.postalCode ?? '',
    'address.city': address?.city ?? '',
    'address.state': address?.state ?? '',
    'address.country': address?.country ?? '',
  }
}

/** What is to be kept: a field that was emptied is removed, and an address of which all was. */
export function inputOf(draft: Draft): Omit<BillingDetailsInput, 'customerId'> {
  const text = (field: DetailField) => draft[field].trim() || null
  const address = {
    line1: draft['address.line1'].trim(),
    line2: text('address.line2'),
    postalCode: text('address.postalCode'),
    city: draft['address.city'].trim(),
    state: text('address.state'),
    country: draft['address.country'],
  }
  const empty = Object.values(address).every((part) => !part)
  return { name: text('name'), email: text('email'), taxId: text('taxId'), address: empty ? null : address }
}

export type Problem = { field: DetailField; sentence: string }

// The API names its fields for programs.
const SENTENCES: Partial<Record<DetailField, string>> = {
  name: 'Write a name of at most 200 characters, on one line.',
  email: 'Write an e-mail address such as billing@example.com.',
  'address.line1': 'Write the street and number, in at most 200 characters.',
  'address.line2': 'Write at most 200 characters, on one line.',
  'address.postalCode': 'Write a postal code of at most 20 characters.',
  'address.city': 'Write the city, in at most 100 characters.',
  'address.state': 'Write at most 100 characters, on one line.',
  'address.country': 'Choose the country of the address.',
}

/** The first thing that is missing before the API needs to be asked. */
export function missingIn(draft: Draft): Problem | null {
  const { address } = inputOf(draft)
  if (!address) return null
  const missing = (['line1', 'city', 'country'] as const).find((part) => !address[part])
  return missing ? problemAt(`address.${missing}`) : null
}

/** What the API refused, where it is about a field of the form. */
export function problemOf(fault: ActionFault | null): Problem | null {
  const field = DETAIL_FIELDS.find((known) => known === fault?.field)
  return fault && field ? problemAt(field, fault.sentence) : null
}

const problemAt = (field: DetailField, otherwise = ''): Problem => ({ field, sentence: SENTENCES[field] ?? otherwise })
