import type { RateCard } from '@florin/sdk'
import { useTaxRate } from '@florin/sdk/react'
import { priceWords, type Quantities } from '../../rate-card-words.ts'

type PlanPriceProps = { card: RateCard; quantities: Quantities }

/** `$20 a month`, and what it says of tax in smaller words, which a narrow card has room for. */
export function PlanPrice({ card, quantities }: PlanPriceProps) {
  const { value: tax } = useTaxRate()
  const price = priceWords(card, quantities)
  const taxed = priceWords(card, quantities, tax).slice(price.length)
  return (
    <>
      {price}
      {taxed && <span className="price-tax">{taxed}</span>}
    </>
  )
}
