import { type BillingState, cardsOf } from './assemble-billing-state.ts'

/** Features of the customer's cards: a switch is on if any card has it on, and numbers of several cards add up. */
export function featuresOf(state: BillingState): Map<string, unknown> {
  const features = new Map<string, unknown>()
  for (const { card } of cardsOf(state)) {
    for (const [name, value] of Object.entries(card.card.features)) {
      features.set(name, features.has(name) ? combine(features.get(name), value) : value)
    }
  }
  return features
}

function combine(known: unknown, value: unknown): unknown {
  if (typeof known === 'number' && typeof value === 'number') return known + value
  if (typeof known === 'boolean' && typeof value === 'boolean') return known || value
  return value
}
