import { auditRow } from './audit.ts'
import { consumeRows } from './consume.ts'
import { holdRows } from './holds.ts'
import { pushRow } from './push.ts'
import { readRows } from './reads.ts'
import { recordUsageRows } from './record-usage.ts'
import { renewalsRow } from './renewals.ts'
import type { Row } from './row.ts'
import { trivialRows } from './trivial.ts'

/** In the order of the table. Most rows of data last: the audit reads them all again. */
export const rows: readonly Row[] = [
  ...trivialRows,
  ...consumeRows,
  ...holdRows,
  ...readRows,
  pushRow,
  renewalsRow,
  ...recordUsageRows,
  auditRow,
]
