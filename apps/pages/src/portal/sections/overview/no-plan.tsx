import { useRateCards } from '@florin/sdk/react'
import { Link } from 'react-router'
import { Panel } from '../../panel.tsx'

/** The next step of somebody without a plan, where there are any to choose from. */
export function NoPlan() {
  const { rateCards } = useRateCards()
  if (!rateCards || rateCards.length === 0) return null
  return (
    <Panel title="You have no plan">
      <p className="quiet">Nothing is charged on its own. With a plan, new credits come by themselves.</p>
      <div className="row">
        <Link className="button button-primary button-small" to="plan">
          Choose a plan
        </Link>
      </div>
    </Panel>
  )
}
