import type { RateCard, SubscriptionState } from '@florin/sdk'
import { useId, useState } from 'react'
import { quantitiesBy } from '../../rate-card-words.ts'
import { Benefits } from './benefits.tsx'
import { directionOf, intervalsOf } from './plan-offers.ts'
import { PlanPrice } from './plan-price.tsx'

type PlanChoicesProps = {
  title: string
  cards: readonly RateCard[]
  /** The one that would be changed; without it, a card is begun. */
  subscription?: SubscriptionState
  /** Of a card that is begun. */
  verb?: 'Choose' | 'Add'
  onChoose: (card: RateCard) => void
}

const INTERVALS: Record<RateCard['interval'], string> = {
  DAY: 'Daily',
  WEEK: 'Weekly',
  MONTH: 'Monthly',
  YEAR: 'Yearly',
}

/** Cards beside each other, of one interval at a time where there are several. */
export function PlanChoices({ title, cards, subscription, verb = 'Choose', onChoose }: PlanChoicesProps) {
  const id = useId()
  const intervals = intervalsOf(cards)
  const [chosen, setChosen] = useState<RateCard['interval'] | null>(null)
  const own = subscription?.rateCard.interval
  const interval = chosen ?? (own && intervals.includes(own) ? own : (intervals[0] ?? 'MONTH'))
  const shown = cards.filter((card) => card.interval === interval)
  const others = subscription ? cards.some(({ code }) => code !== subscription.rateCard.code) : cards.length > 0
  if (!others) return null
  return (
    <section className="choices" aria-labelledby={id}>
      <header className="choices-head">
        <h2 className="panel-title" id={id}>
          {title}
        </h2>
        {intervals.length > 1 && (
          <fieldset className="plan-switch">
            <legend className="visually-hidden">How often you pay</legend>
            {intervals.map((each) => (
              <label key={each} className="plan-switch-choice">
                <input
                  type="radio"
                  name={`${id}-interval`}
                  checked={each === interval}
                  onChange={() => setChosen(each)}
                />
                {INTERVALS[each]}
              </label>
            ))}
          </fieldset>
        )}
      </header>
      <ul className="choices-list">
        {shown.map((card) => (
          <PlanChoice key={card.code} card={card} subscription={subscription} verb={verb} onChoose={onChoose} />
        ))}
      </ul>
    </section>
  )
}

type PlanChoiceProps = {
  card: RateCard
  subscription: SubscriptionState | undefined
  verb: string
  onChoose: (card: RateCard) => void
}

function PlanChoice({ card, subscription, verb, onChoose }: PlanChoiceProps) {
  const quantities = quantitiesBy(subscription?.quantities)
  const current = subscription?.rateCard.code === card.code
  const pending = subscription?.pendingRateCard?.code === card.code && !current
  return (
    <li className={current ? 'card plan-offer plan-offer-current' : 'card plan-offer'}>
      <header className="plan-offer-head">
        <h3 className="plan-offer-name">{card.name}</h3>
        {current && <span className="badge badge-good">Your plan</span>}
        {pending && <span className="badge badge-due">Next</span>}
      </header>
      <p className="plan-offer-price">
        <PlanPrice card={card} quantities={quantities} />
      </p>
      {card.description && <p className="quiet small">{card.description}</p>}
      <Benefits card={card} quantities={quantities} />
      {card.trialDays > 0 && !subscription && <p className="quiet small">{card.trialDays} days for free</p>}
      {!current && !pending && (
        <button
          type="button"
          className={`button button-small button-${isUp(card, subscription) ? 'primary' : 'plain'}`}
          onClick={() => onChoose(card)}
        >
          {subscription ? changeWords(card, subscription) : `${verb} ${card.name}`}
        </button>
      )}
    </li>
  )
}

const isUp = (card: RateCard, subscription: SubscriptionState | undefined) =>
  !subscription || directionOf(subscription, card) === 'up'

function changeWords(card: RateCard, subscription: SubscriptionState): string {
  if (subscription.rateCard.interval !== card.interval) return `Switch to ${card.name}`
  return `${isUp(card, subscription) ? 'Upgrade' : 'Downgrade'} to ${card.name}`
}
