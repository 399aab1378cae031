import type { Database, Transaction } from '../../platform/database.ts'
import { budgetRules } from './budget-rules.ts'
import { commitmentRules } from './commitment-rules.ts'
import { emailRules } from './email-rules.ts'
import { entryRules } from './entry-rules.ts'
import { grantRules } from './grant-rules.ts'
import { holdRules } from './hold-rules.ts'
import { invoiceRules } from './invoice-rules.ts'
import { paymentRules } from './payment-rules.ts'
import { refundRules } from './refund-rules.ts'
import { topUpRules } from './top-up-rules.ts'
import { usageRules } from './usage-rules.ts'
import { webhookRules } from './webhook-rules.ts'

/** What must be so of every row of a table. */
export interface AuditRule {
  /** Which of ARCHITECTURE.md's invariants it proves, or a part of one. */
  readonly invariant: `I${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12}`
  readonly rule: string
  /** The table whose rows are looked at. */
  readonly over: string
  /** What to do about a row that breaks it, in a sentence. */
  readonly remedy: string
  /** Selects the rows that break the rule. Its first column says which row, and orders them. */
  readonly breaches: string
}

/** A row that contradicts the books. */
export interface Breach {
  /** The rule that is broken, in words. */
  readonly rule: string
  readonly remedy: string
  /** The row: which one it is, and the figures that disagree. Decimals as text. */
  readonly row: Readonly<Record<string, unknown>>
}

/** How far the audit is: told as it begins with a rule, and again when it is through. */
export interface AuditStep {
  readonly number: number
  readonly of: number
  readonly rule: AuditRule
  /** Rows of the table that the rule goes over. */
  readonly rows: number
  /** Rows that break it; null while it is being checked. */
  readonly breaches: number | null
}

const ROWS_PER_RULE = 10

const RULES: readonly AuditRule[] = [
  ...entryRules,
  ...grantRules,
  ...holdRules,
  ...budgetRules,
  ...usageRules,
  ...paymentRules,
  ...refundRules,
  ...invoiceRules,
  ...commitmentRules,
  ...webhookRules,
  ...emailRules,
  ...topUpRules,
]

/**
 * Checks the books of all projects against each other, on one snapshot: balances, grants, entries, answered usage and
 * payments. Grants whose time has passed but which nobody has swept yet are no breach: entries are what counts.
 *
 * @returns the rows that contradict a rule, the first ten of each; none when all is well.
 */
export async function auditLedger(
  database: Database,
  progress: (step: AuditStep) => void = () => {},
): Promise<Breach[]> {
  return database.snapshot(async (tx) => {
    await settings(tx)
    const counts = new Map<string, number>()
    const found: Breach[] = []
    for (const [index, rule] of RULES.entries()) {
      const rows = counts.get(rule.over) ?? (await countRows(tx, rule.over))
      counts.set(rule.over, rows)
      const step = { number: index + 1, of: RULES.length, rule, rows }
      progress({ ...step, breaches: null })
      const { breaches, first } = await check(tx, rule)
      found.push(...first.map((row) => ({ rule: rule.rule, remedy: rule.remedy, row })))
      progress({ ...step, breaches })
    }
    return found
  })
}

// Each rule reads whole tables once: it may sort and hash in memory, and nothing in it is worth compiling.
async function settings(tx: Transaction): Promise<void> {
  await tx.query(`select set_config('work_mem', '64MB', true), set_config('jit', 'off', true)`)
}

async function countRows(tx: Transaction, table: string): Promise<number> {
  const [counted] = await tx.query<{ rows: number }>(`select count(*) as rows from "${table}"`)
  return counted?.rows ?? 0
}

/** The first rows that break the rule, and how many do in all. */
async function check(tx: Transaction, { breaches }: AuditRule) {
  const rows = await tx.query<Breach['row'] & { breaches: number }>(
    `select *, count(*) over () as breaches from (${breaches}) b order by 1 limit ${ROWS_PER_RULE}`,
  )
  return { breaches: rows[0]?.breaches ?? 0, first: rows.map(({ breaches: _, ...row }) => row) }
}
