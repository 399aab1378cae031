import { useId } from 'react'
import type { Texts } from '../texts/texts-provider.tsx'
import type { PricingTable } from '../use-pricing-table.ts'

export function IntervalSwitch({ table, texts: { labels } }: { table: PricingTable; texts: Texts }) {
  const name = useId()
  return (
    <fieldset className="florin-switch">
      <legend className="florin-hidden">{labels.pricing.intervalSwitch}</legend>
      {table.intervals.map((interval) => (
        <label key={interval} className="florin-switch-option">
          <input
            type="radio"
            name={name}
            checked={interval === table.interval}
            onChange={() => table.setInterval(interval)}
          />
          <span>{labels.pricing.intervals[interval]}</span>
        </label>
      ))}
    </fieldset>
  )
}
