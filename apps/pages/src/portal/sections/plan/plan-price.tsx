import type { RateCard } from '@florin/sdk'
import { useTaxRate } from '@florin/sdk/react'
import { taxWords } from '../../../tax-words.ts'
import { isFree, priceWords, type Quantities } from '../../rate-card-words.ts'

type PlanPriceProps = { card: RateCard; quantities: Quantities }

/** `$20 a month`, and what it says of tax in smaller words, together on the next line where a card is narrow. */
export function PlanPrice({ card, quantities }: PlanPriceProps) {
  const { value: tax } = useTaxRate()
  const price = priceWords(card, quantities)
  if (!tax || isFree(card, quantities)) return price
  return (
    <>
      {price}, <span className="price-tax">{taxWords(tax)}</span>
    </>
  )
}
