import { amountOf } from '@florin/core'
import type { AutoTopUp, Bundle } from '@florin/sdk'
import { isZero } from '../../../formats.ts'
import { decimalsOf, moneyOf, readAmount } from '../../amounts.ts'

/** What stands in the form, as it was typed. */
export type TopUpDraft = { bundle: string; threshold: string; maxPerMonth: string; maxSpendPerMonth: string }

export type TopUpField = keyof TopUpDraft

/** What the form says, checked. Empty limits are none. */
export type TopUpTerms = {
  bundle: string
  threshold: string
  maxPerMonth: number | null
  maxSpendPerMonth: string | null
}

export type Problems<Field extends string> = Partial<Record<Field, string>>

const LARGEST_COUNT = 1_000_000

export function draftOf(topUp: AutoTopUp | undefined, [first]: readonly Bundle[]): TopUpDraft {
  return {
    bundle: topUp?.bundle.code ?? first?.code ?? '',
    threshold: topUp?.threshold ?? '',
    maxPerMonth: topUp?.maxPerMonth?.toString() ?? '',
    maxSpendPerMonth: topUp?.maxSpendPerMonth ?? '',
  }
}

/** The terms, or what is wrong with each field and what to put there instead. */
export function readTerms(
  draft: TopUpDraft,
  bundles: readonly Bundle[],
): { terms: TopUpTerms } | { problems: Problems<TopUpField> } {
  const bundle = bundles.find(({ code }) => code === draft.bundle)
  const threshold = readAmount(draft.threshold)
  const count = readCount(draft.maxPerMonth)
  const spend = draft.maxSpendPerMonth.trim() === '' ? null : readAmount(draft.maxSpendPerMonth)
  const problems: Problems<TopUpField> = {
    ...(!bundle && { bundle: 'Choose what to buy.' }),
    ...thresholdProblem(threshold, bundle),
    ...(count === undefined && { maxPerMonth: 'Write a whole number of at least 1, or leave it empty for no limit.' }),
    ...spendProblem(draft.maxSpendPerMonth, spend, bundle),
  }
  if (Object.keys(problems).length > 0) return { problems }
  return {
    terms: {
      bundle: draft.bundle,
      threshold: threshold as string,
      maxPerMonth: count as number | null,
      maxSpendPerMonth: spend,
    },
  }
}

function thresholdProblem(threshold: string | null, bundle: Bundle | undefined): Problems<TopUpField> {
  if (threshold === null || isZero(threshold)) return { threshold: 'Write a number of credits above 0, such as 10.' }
  if (!bundle || amountOf(threshold) <= amountOf(bundle.credits)) return {}
  return { threshold: `Write at most ${bundle.credits}, which is what one purchase brings.` }
}

function spendProblem(typed: string, spend: string | null, bundle: Bundle | undefined): Problems<TopUpField> {
  if (typed.trim() === '' || !bundle) return {}
  const { amount, currency } = bundle.price
  const fraction = spend?.split('.')[1] ?? ''
  if (spend === null || fraction.length > decimalsOf(currency)) {
    return { maxSpendPerMonth: `Write an amount of ${currency}, such as ${amount}, or leave it empty for no limit.` }
  }
  if (amountOf(spend) >= amountOf(amount)) return {}
  return { maxSpendPerMonth: `One purchase costs ${moneyOf(amount, currency)}: the limit must be at least that.` }
}

/** Null: left empty. Undefined: no count. */
function readCount(typed: string): number | null | undefined {
  const text = typed.trim()
  if (text === '') return null
  const count = /^\d{1,7}$/.test(text) ? Number(text) : 0
  return count >= 1 && count <= LARGEST_COUNT ? count : undefined
}
