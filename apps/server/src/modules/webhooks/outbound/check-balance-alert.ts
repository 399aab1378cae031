import { formatAmount, parseDecimal } from '@florin/core'
import { invalidInput } from '../../../platform/errors.ts'
import type { EventType } from '../../events/announce-event.ts'
import type { EndpointTerms, EventFilter } from './check-endpoint.ts'

/** One alert on a balance, as `setBalanceAlerts` sets it. */
export interface BalanceAlertFilter {
  readonly creditType: string
  readonly percent?: unknown
  readonly amount?: unknown
  readonly customerId?: string | null | undefined
}

/** The types and the filter that tell of one alert. Throws INVALID_INPUT. */
export function checkBalanceAlert(
  alert: BalanceAlertFilter,
  { types, filter }: EndpointTerms,
): { types: EventType[]; filter: EventFilter } {
  if (types != null || filter != null) {
    throw invalidInput('balanceAlert', 'balanceAlert stands for types and filter: leave those out')
  }
  const { creditType, percent, amount, customerId } = alert
  if ((percent == null) === (amount == null)) {
    throw invalidInput('balanceAlert', 'balanceAlert needs a percent or an amount, and not both')
  }
  const threshold = percent == null ? { amount: textOf(amount, 'amount') } : { percent: textOf(percent, 'percent') }
  return {
    types: ['balance.threshold_crossed'],
    filter: { creditType, ...threshold, ...(customerId == null ? {} : { customerId }) },
  }
}

/** As events have it. */
function textOf(input: unknown, name: string): string {
  const amount = parseDecimal(input)
  if (amount !== null && amount >= 0n) return formatAmount(amount)
  throw invalidInput(`balanceAlert.${name}`, `balanceAlert.${name} is not a decimal such as "20"`)
}
