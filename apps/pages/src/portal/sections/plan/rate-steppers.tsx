import type { RateCard } from '@florin/sdk'
import { Stepper } from '../../../stepper.tsx'
import { adjustableRates, eachWords, type Quantities, quantityOf } from '../../rate-card-words.ts'
import type { ActionFault } from '../../use-action.ts'

const MOST = 1_000_000

type RateSteppersProps = {
  card: RateCard
  quantities: Quantities
  problem: ActionFault | null
  onChange: (quantities: Quantities) => void
}

/** How many of each rate that comes in numbers. A problem that the API has with one of them stands beside it. */
export function RateSteppers({ card, quantities, problem, onChange }: RateSteppersProps) {
  const codes = Object.keys(quantities)
  const rates = adjustableRates(card, quantities).filter(({ code }) => codes.includes(code))
  if (rates.length === 0) return null
  return (
    <div className="plan-steppers">
      {rates.map((rate) => {
        const own = problem?.field?.startsWith(`quantities.${codes.indexOf(rate.code)}.`)
        return (
          <Stepper
            key={rate.code}
            label={rate.name}
            hint={eachWords(rate, card.currency)}
            value={quantityOf(rate, quantities)}
            least={Math.min(1, rate.defaultQuantity)}
            most={MOST}
            problem={own ? problem?.sentence : undefined}
            onChange={(value) => onChange({ ...quantities, [rate.code]: value })}
          />
        )
      })}
    </div>
  )
}
