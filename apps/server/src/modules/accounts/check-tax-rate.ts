import { formatAmount, parseDecimal, type Rate, type TaxMode } from '@florin/core'
import { checkStorable, invalidInput } from '../../platform/errors.ts'

/** A tax as stored with a project or a customer: JSON, the percentage as text. */
export interface TaxRate {
  /** What an invoice calls it: "VAT". */
  readonly name: string
  /** "19" for 19 %. */
  readonly percent: string
  readonly mode: TaxMode
}

export interface TaxRateInput {
  name?: string | null | undefined
  percent: unknown
  mode?: TaxMode | null | undefined
}

/** A tax of 0 to 100 percent. Throws INVALID_INPUT that names the field, below `field` if it is one itself. */
export function checkTaxRate(input: TaxRateInput, field = ''): TaxRate {
  const below = (name: string) => (field ? `${field}.${name}` : name)
  const percent = parseDecimal<'rate'>(input.percent) as Rate | null
  if (percent === null || percent < 0n || percent > HUNDRED) {
    throw invalidInput(below('percent'), 'percent is a decimal from 0 to 100, such as "19" or "8.25"')
  }
  const name = input.name ?? 'Tax'
  checkStorable(name, below('name'))
  if (!/^\S.{0,39}$/.test(name)) throw invalidInput(below('name'), 'name is 1 to 40 characters, such as "VAT"')
  return { name, percent: formatAmount(percent), mode: input.mode ?? 'EXCLUSIVE' }
}

const HUNDRED = parseDecimal<'rate'>('100') as Rate
