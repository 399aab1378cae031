import type { BillingState, PaymentMethod } from '@florin/sdk'
import { formatDay } from '../../../days.ts'
import { nameOf } from '../../../payment-method-words.ts'

/** What follows from removing a payment method: one sentence each. */
export function consequencesOf(
  removed: PaymentMethod,
  all: readonly PaymentMethod[],
  state: Pick<BillingState, 'subscriptions' | 'autoTopUps'>,
  timeZone: string,
): string[] {
  const others = all.filter(({ id }) => id !== removed.id)
  const [next] = others
  if (!removed.isDefault && next) return ['It is no longer offered when you pay. Nothing else changes.']
  if (next) return [`Renewals and automatic top-ups are charged to your ${lower(nameOf(next))} from now on.`]
  const renewal = state.subscriptions
    .filter(({ status, cancelAtPeriodEnd }) => status !== 'CANCELED' && status !== 'PAUSED' && !cancelAtPeriodEnd)
    .map(({ currentPeriodEnd }) => currentPeriodEnd)
    .sort()[0]
  const sentences = ['It is your only payment method.']
  if (renewal) {
    sentences.push(
      `If something is due on ${formatDay(renewal, timeZone)}, it can’t be collected, and your plan ends after a while unless you pay.`,
    )
  }
  if (state.autoTopUps.some(({ enabled }) => enabled)) {
    sentences.push('Automatic top-ups stop until there is another one.')
  }
  return sentences
}

/** In the middle of a sentence: brands keep their capital. */
const lower = (name: string) => name.replace(/^(Bank|Card)/, (word) => word.toLowerCase())
