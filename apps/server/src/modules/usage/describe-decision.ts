import type { Catalog } from '../catalog/read-catalog.ts'
import type { StoredDecision, StoredRemedies } from './spend-request.ts'

/** A decision with what was asked of it, as far as it is known: old refusals have not kept it. */
export interface DecidedUsage {
  readonly decision: StoredDecision
  readonly meter: string | null
  readonly quantity: string | null
  readonly voided: boolean
}

/** Why usage was allowed or refused, in a sentence or two that a person can read. */
export function describeDecision({ decision, meter, quantity, voided }: DecidedUsage, catalog: Catalog): string {
  const name = (meter !== null && catalog.meters.get(meter)?.name) || meter
  const what = name === null ? 'it' : quantity === null ? name : `${quantity} × ${name}`
  const verdict = `${decision.allowed ? 'Allowed' : 'Refused'}: ${whyOf(decision, what, catalog)}.`
  const lifts = decision.remedies && helpOf(decision.remedies, catalog)
  return [verdict, lifts, voided && 'It was given back since.'].filter(Boolean).join(' ')
}

function whyOf({ reason, cost, available, asked }: StoredDecision, what: string, catalog: Catalog): string {
  const costs = `${what} costs ${credits(cost)}, ${available} ${available === '1' ? 'was' : 'were'} available`
  const card = asked?.card && catalog.versionsByPk.get(asked.card.pk)?.card.name
  switch (reason) {
    case 'COVERED':
      return costs
    case 'OVERAGE':
      return `${costs}; the card charges for what is beyond the grants`
    case 'INSUFFICIENT_CREDITS':
      return card ? `${costs}; the overage of ${card} is ${asked?.card?.overage}` : costs
    case 'SPEND_LIMIT_REACHED':
      return `${costs}, and the period's overage would have gone beyond the spend limit`
    case 'BUDGET_REACHED':
      return `${costs} to the budgets of the customer and of those above them`
    case 'PAYMENT_PAST_DUE':
      return `${costs}, and an invoice is waiting to be paid`
    case 'NO_SUBSCRIPTION':
      return `the customer had no card that rates ${what}`
    case 'FEATURE_NOT_INCLUDED':
      return `the card does not include ${what}`
  }
}

/** "Starter, Premium or a bundle of 100 would have lifted it." */
function helpOf({ cardPks, bundles }: StoredRemedies, { versionsByPk }: Catalog): string | null {
  const cards = cardPks.flatMap((pk) => versionsByPk.get(pk)?.card.name ?? [])
  const offered = bundles.flatMap(({ cardPk, code }) => {
    const bundle = versionsByPk.get(cardPk)?.card.bundles.find((candidate) => candidate.code === code)
    return bundle ? [`the bundle "${bundle.name}"`] : []
  })
  const names = [...cards, ...offered]
  if (names.length === 0) return null
  const last = names.at(-1) as string
  const list = names.length === 1 ? last : `${names.slice(0, -1).join(', ')} or ${last}`
  return `${list.replace(/^t/, 'T')} would have lifted it.`
}

function credits(amount: string): string {
  return `${amount} ${amount === '1' ? 'credit' : 'credits'}`
}
