import type { Database } from '../../platform/database.ts'
import { entryRules } from './entry-rules.ts'
import { grantRules } from './grant-rules.ts'
import { invoiceRules } from './invoice-rules.ts'
import { paymentRules } from './payment-rules.ts'
import { usageRules } from './usage-rules.ts'

/** A row that contradicts the books. */
export interface Breach {
  /** The rule that is broken, in words. */
  readonly rule: string
  /** The row: which one it is, and the figures that disagree. Decimals as text. */
  readonly row: Readonly<Record<string, unknown>>
}

/** What must be so of every row. */
export interface AuditRule {
  readonly rule: string
  /** Selects the rows that break the rule. */
  readonly breaches: string
}

const ROWS_PER_RULE = 10

const RULES: readonly AuditRule[] = [...entryRules, ...grantRules, ...usageRules, ...paymentRules, ...invoiceRules]

/**
 * Checks the books of all projects against each other, on one snapshot: balances, grants, entries, answered usage and
 * payments. Grants whose time has passed but which nobody has swept yet are no breach: entries are what counts.
 *
 * @param checked is told each rule as it has been checked.
 * @returns the rows that contradict a rule, at most ten for each; none when all is well.
 */
export async function auditLedger(
  database: Database,
  checked: (rule: string, breaches: number) => void = () => {},
): Promise<Breach[]> {
  return database.snapshot(async (tx) => {
    const found: Breach[] = []
    for (const { rule, breaches } of RULES) {
      const rows = await tx.query<Breach['row']>(`${breaches} limit ${ROWS_PER_RULE}`)
      found.push(...rows.map((row) => ({ rule, row })))
      checked(rule, rows.length)
    }
    return found
  })
}
