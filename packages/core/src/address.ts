/** Where a seller or a buyer is. */
export interface Address {
  readonly line1: string
  readonly line2: string | null
  readonly city: string
  readonly postalCode: string | null
  readonly state: string | null
  /** ISO 3166-1 alpha-2. */
  readonly country: string
}

/** Where the code follows the city and its state, as on American letters. */
const CITY_FIRST = new Set(['AU', 'BR', 'CA', 'GB', 'IN', 'NZ', 'PR', 'US'])

/** An address as the lines of a letter, the country last and in English. */
export function addressLines({ line1, line2, city, postalCode, state, country }: Address): string[] {
  const cityFirst = [[city, state].filter(Boolean).join(', '), postalCode].filter(Boolean).join(' ')
  const codeFirst = [[postalCode, city].filter(Boolean).join(' '), state].filter(Boolean).join(', ')
  const town = CITY_FIRST.has(country) ? cityFirst : codeFirst
  return [line1, line2, town, countryName(country)].flatMap((line) => (line ? [line] : []))
}

const NAMES = new Intl.DisplayNames('en', { type: 'region' })

export function countryName(code: string): string {
  return NAMES.of(code) ?? code
}
