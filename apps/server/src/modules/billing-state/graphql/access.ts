import {
  type AccessDecision,
  type Bundle,
  formatAmount,
  type Properties,
  type Quantity,
  type RateCard,
} from '@florin/core'
import { builder } from '../../../graphql/builder.ts'
import { viewerOf } from '../../../graphql/context.ts'
import { BundleRef, RateCardRef } from '../../catalog/graphql/types.ts'
import type { Catalog, CatalogMeter } from '../../catalog/read-catalog.ts'
import { findRemedies } from '../../usage/find-remedies.ts'
import type { StoredDecision, StoredRemedies } from '../../usage/spend-request.ts'
import { type BillingState, payerIn } from '../assemble-billing-state.ts'

/** A decision as the API shows it. Remedies are either stored with it, or found when they are asked for. */
export interface AccessView extends StoredDecision {
  readonly findRemedies?: () => StoredRemedies
}

const NOTHING_HELPS: StoredRemedies = { cardPks: [], bundles: [] }

/** The view of a decision that was made in a billing state. */
export function accessView(
  state: BillingState,
  meter: CatalogMeter,
  decision: AccessDecision,
  asked: { quantity: Quantity; properties: Properties },
): AccessView {
  const { allowed, reason, cost, available } = decision
  return {
    allowed,
    reason,
    cost: formatAmount(cost),
    available: formatAmount(available),
    findRemedies: () =>
      reason === 'BUDGET_REACHED'
        ? NOTHING_HELPS
        : findRemedies({
            catalog: state.catalog,
            customer: payerIn(state, meter)?.payer ?? state,
            meter,
            now: state.at,
            ...asked,
          }),
  }
}

const AccessReasonEnum = builder.enumType('AccessReason', {
  values: [
    'COVERED',
    'OVERAGE',
    'NO_SUBSCRIPTION',
    'INSUFFICIENT_CREDITS',
    'SPEND_LIMIT_REACHED',
    'BUDGET_REACHED',
    'PAYMENT_PAST_DUE',
    'FEATURE_NOT_INCLUDED',
  ] as const,
})

type CardRemedy = { readonly rateCard: RateCard }
type OfferedBundle = { readonly bundle: Bundle }

const RateCardRemedy = builder.objectRef<CardRemedy>('RateCardRemedy').implement({
  fields: (t) => ({ rateCard: t.expose('rateCard', { type: RateCardRef }) }),
})

const BundleRemedy = builder.objectRef<OfferedBundle>('BundleRemedy').implement({
  fields: (t) => ({ bundle: t.expose('bundle', { type: BundleRef }) }),
})

const Remedy = builder.unionType('Remedy', {
  types: [RateCardRemedy, BundleRemedy],
  resolveType: (remedy) => ('rateCard' in remedy ? RateCardRemedy : BundleRemedy),
})

export const AccessDecisionRef = builder.objectRef<AccessView>('AccessDecision').implement({
  fields: (t) => ({
    allowed: t.exposeBoolean('allowed'),
    reason: t.expose('reason', { type: AccessReasonEnum }),
    cost: t.expose('cost', { type: 'Decimal', description: 'Credits this usage would cost, and what is available.' }),
    available: t.expose('available', { type: 'Decimal' }),
    remedies: t.field({
      type: [Remedy],
      description: 'What would lift the refusal: the public cards and bundles to offer on a paywall.',
      resolve: async (decision, _, context) => {
        if (decision.allowed) return []
        const remedies = decision.remedies ?? decision.findRemedies?.()
        return remedies ? offersOf(await context.app.catalog.read(viewerOf(context).project.id), remedies) : []
      },
    }),
  }),
})

function offersOf({ versionsByPk }: Catalog, { cardPks, bundles }: StoredRemedies): (CardRemedy | OfferedBundle)[] {
  const cards = cardPks.flatMap((pk) => {
    const card = versionsByPk.get(pk)?.card
    return card ? [{ rateCard: card }] : []
  })
  const offered = bundles.flatMap(({ cardPk, code }) => {
    const bundle = versionsByPk.get(cardPk)?.card.bundles.find((candidate) => candidate.code === code)
    return bundle ? [{ bundle }] : []
  })
  return [...cards, ...offered]
}
