import { type Address, isCountry } from '@florin/core'
import { checkStorable, invalidInput } from '../../platform/errors.ts'

export interface AddressInput {
  line1: string
  line2?: string | null | undefined
  city: string
  postalCode?: string | null | undefined
  state?: string | null | undefined
  country: string
}

/** An address, trimmed. Throws INVALID_INPUT that names the field below `field`. */
export function checkAddress(input: AddressInput, field = 'address'): Address {
  const optional = (text: string | null | undefined, name: string, most: number) =>
    text == null || text.trim() === '' ? null : checkLine(text, `${field}.${name}`, most)
  return {
    line1: checkLine(input.line1, `${field}.line1`, 200),
    line2: optional(input.line2, 'line2', 200),
    city: checkLine(input.city, `${field}.city`, 100),
    postalCode: optional(input.postalCode, 'postalCode', 20),
    state: optional(input.state, 'state', 100),
    country: checkCountry(input.country, `${field}.country`),
  }
}

function checkCountry(text: string, field: string): string {
  const code = text.trim().toUpperCase()
  if (isCountry(code)) return code
  throw invalidInput(field, `${last(field)} is an ISO 3166-1 code of two letters, such as "DE", "GB" or "US"`)
}

// It is printed: something to be seen, no line breaks, and nothing that turns text around.
const LINE = /^(?=.*[^\p{DI}\s])[^\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]+$/u

/** Text of one line that is printed on invoices, trimmed. Throws INVALID_INPUT. */
export function checkLine(text: string, field: string, most: number): string {
  const trimmed = checkStorable(text, field).trim()
  if (LINE.test(trimmed) && [...trimmed].length <= most) return trimmed
  throw invalidInput(
    field,
    `${last(field)} is 1 to ${most} characters that can be seen, on one line and without control characters`,
  )
}

/** Messages name what a person looks at: the last part of where it stands in the input. */
const last = (field: string) => field.split('.').at(-1)
