import type { Transaction } from '../../platform/database.ts'
import { offerOf } from '../catalog/find-bundle.ts'
import type { CatalogReader } from '../catalog/read-catalog.ts'
import { payCommitment } from '../commitments/pay-commitment.ts'
import type { Fulfil, Fulfilment, Outcome, Purpose } from '../payments/purpose.ts'
import { changeSubscription } from '../subscriptions/change-subscription.ts'
import { versionOf } from '../subscriptions/read-subscription.ts'
import { settleRenewal } from '../subscriptions/settle-renewal.ts'
import { startSubscription } from '../subscriptions/start-subscription.ts'
import { sellBundle } from '../topups/sell-bundle.ts'

/** What each purpose does when it is paid. Handed to payments at composition, which stand below what they pay for. */
export function createFulfilPurpose(catalog: CatalogReader): Fulfil {
  return async (tx: Transaction, purpose: Purpose, fulfilment: Fulfilment): Promise<Outcome> => {
    if (purpose.kind === 'invoice') return payCommitment(tx, fulfilment, purpose)
    const projectId = fulfilment.project.id
    const card = await versionOf(catalog, projectId, purpose.cardPk)
    const known = await catalog.read(projectId)
    if (purpose.kind === 'subscribe') return startSubscription(tx, fulfilment, known, card, purpose.quantities)
    if (purpose.kind === 'renewal') return settleRenewal(tx, fulfilment, known, purpose)
    if (purpose.kind === 'change') {
      const from = await versionOf(catalog, projectId, purpose.fromCardPk)
      const { subscriptionId, quantities, behavior, at } = purpose
      return changeSubscription(tx, fulfilment, known, { subscriptionId, from, to: card, quantities, behavior, at })
    }
    const { code, quantity, topUp: mark = null } = purpose
    return sellBundle(tx, fulfilment, known, { offer: offerOf(card, code), quantity, mark })
  }
}
