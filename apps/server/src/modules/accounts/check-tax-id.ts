import { hasEuVat, hasEuVatPrefix } from '@florin/core'
import jsvat from 'jsvat-next'
import { checkStorable, invalidInput } from '../../platform/errors.ts'

const CHARACTERS = /^(?=.*\p{Nd})[\p{L}\p{Nd}][\p{L}\p{Nd} ./&-]{2,28}[\p{L}\p{Nd}]$/u

/**
 * A tax id, trimmed and in capitals; of a VAT id of the European Union structure and check digits are proved, and what
 * separates its parts goes. Ids of other countries are taken as they are. Throws INVALID_INPUT.
 *
 * @param country of the address beside it; null: not known. An id from outside the Union may begin with the same letters.
 */
export function checkTaxId(text: string, country: string | null, field = 'taxId'): string {
  const id = checkStorable(text, field).trim().toUpperCase()
  if (!CHARACTERS.test(id)) {
    throw invalidInput(
      field,
      'taxId is 4 to 30 letters and digits, at least one of them a digit; spaces, dots, dashes, slashes and "&" may stand between them',
    )
  }
  const outside = country !== null && !hasEuVat(country)
  return outside || !hasEuVatPrefix(id) ? id : checkVatId(id, field)
}

function checkVatId(text: string, field: string): string {
  const id = text.replace(/[^\p{L}\p{Nd}]/gu, '')
  const { isValid, isValidFormat } = jsvat.checkVAT(northernIrish(id), jsvat.countries)
  if (isValid) return id
  const wrong = isValidFormat ? 'a digit of it is wrong' : 'it has another number of letters or digits'
  throw invalidInput(
    field,
    `"${id}" is not a VAT id of the European Union: ${wrong}. Look it up on a document of the tax office; an id of another country needs an address there`,
  )
}

/** Northern Ireland's are those of Great Britain under another prefix. */
const northernIrish = (id: string) => id.replace(/^XI/, 'GB')
