import type { CatalogReader } from '../catalog/read-catalog.ts'
import { settleAgain, stopWaitingForSettlement, waitForSettlement } from '../commitments/wait-for-settlement.ts'
import type { Waiting } from '../payments/purpose.ts'
import { collectAgain, stopWaiting, waitForPayment } from '../subscriptions/wait-for-payment.ts'

/**
 * What subscriptions and commitments do while a bank takes days, and when there is a new method. Top-ups look at their charges,
 * and at the card on file, by themselves. Handed to payments at composition, which stand below what they pay for.
 */
export function waitForPayments(catalog: CatalogReader): Waiting {
  return {
    began: async (tx, purpose) => {
      if (purpose.kind === 'renewal') await waitForPayment(tx, purpose)
      if (purpose.kind === 'invoice') await waitForSettlement(tx, purpose)
    },
    ended: async (tx, purpose, where, failure) => {
      if (purpose.kind === 'invoice') return stopWaitingForSettlement(tx, purpose, where, failure)
      if (purpose.kind !== 'renewal') return null
      return stopWaiting(tx, await catalog.read(where.project.id), purpose, where, failure)
    },
    methodCame: async (tx, where, methodId) => {
      await collectAgain(tx, where, methodId)
      await settleAgain(tx, where, methodId)
    },
  }
}
