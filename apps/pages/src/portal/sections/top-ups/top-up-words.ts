import type { AutoTopUp, BillingState, TopUpMonth } from '@florin/sdk'
import { formatDay } from '../../../days.ts'
import { moneyOf } from '../../amounts.ts'
import { creditsOf } from '../../credit-names.ts'

/** What the switch does, in a sentence. */
export function termsWords(topUp: AutoTopUp, state: Pick<BillingState, 'balances'>): string {
  const { bundle, threshold, creditType } = topUp
  const bought = creditsOf(state, bundle.credits, creditType)
  const price = moneyOf(bundle.price.amount, bundle.price.currency)
  return `Buys ${bought} for ${price} when your balance falls to ${creditsOf(state, threshold, creditType)}.`
}

/** What the limits leave of the month; null without limits. */
export function limitWords(topUp: AutoTopUp, month: TopUpMonth | undefined, timeZone: string): string | null {
  const { maxPerMonth, maxSpendPerMonth, bundle } = topUp
  const { currency } = bundle.price
  const count = month?.count ?? 0
  const limits = [
    maxPerMonth !== null && `${count} of ${maxPerMonth} ${maxPerMonth === 1 ? 'purchase' : 'purchases'}`,
    maxSpendPerMonth !== null &&
      `${moneyOf(month?.spent.amount ?? '0', currency)} of ${moneyOf(maxSpendPerMonth, currency)}`,
  ].filter((limit) => limit !== false)
  if (limits.length === 0) return null
  const until = month ? `, until ${formatDay(month.resetsAt, timeZone)}` : ''
  return `Used this month: ${limits.join(' and ')}${until}.`
}

export type Standing = { words: string; tone: 'good' | 'due' | 'bad'; label: string }

/** How the switch stands where it is not just waiting for its moment, and what follows. */
export function standingOf(
  topUp: AutoTopUp,
  { paymentMethod }: Pick<BillingState, 'paymentMethod'>,
  timeZone: string,
): Standing | undefined {
  switch (topUp.state) {
    case 'CHARGING':
      return { tone: 'good', label: 'Buying', words: 'It is buying credits right now.' }
    case 'BACKING_OFF': {
      const when = topUp.nextAttemptAt ? ` It tries again ${momentOf(topUp.nextAttemptAt, timeZone)}.` : ''
      return { tone: 'due', label: 'Waiting', words: `The last charge was declined.${when}` }
    }
    case 'LIMIT_REACHED': {
      const when = topUp.nextAttemptAt ? ` It resumes ${momentOf(topUp.nextAttemptAt, timeZone)}.` : ''
      return { tone: 'due', label: 'Limit reached', words: `A limit of this month is reached.${when}` }
    }
    case 'NEEDS_CUSTOMER':
      return {
        tone: 'bad',
        label: 'Needs you',
        words: paymentMethod
          ? 'Your bank declined, or wants you to confirm. Top up once yourself, and it goes on.'
          : 'There is no payment method to charge. Top up once yourself, and it goes on with that.',
      }
    case 'READY':
    case 'OFF':
      return undefined
  }
}

/** `on Nov 26, 2026 at 2:05 PM`, where the customer is. */
function momentOf(instant: string, timeZone: string, locale?: string): string {
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone }).format(new Date(instant))
  return `on ${formatDay(instant, timeZone, locale)} at ${time}`
}
