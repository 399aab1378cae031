import type { TaxRate } from '@florin/sdk'

/** What stands beside a price: `plus VAT`, or `VAT included`. */
export function taxWords({ name, mode }: Pick<TaxRate, 'name' | 'mode'>): string {
  const tax = name === 'Tax' ? 'tax' : name
  return mode === 'EXCLUSIVE' ? `plus ${tax}` : `${tax} included`
}
