import { type Row, speedRow } from './row.ts'
import { CUSTOMERS, florin, trivialAt, YOGA_FLOOR } from './sides.ts'

/** Reads of what was just committed: no cache of states stands between. */
export const readRows: readonly Row[] = (['billingState', 'check'] as const).map((kind) =>
  speedRow(
    { topic: 'reads', name: `${kind} of 1,000 customers`, unit: 'requests/s', floor: YOGA_FLOOR, aim: 2 },
    (services) => ({
      subject: florin(services, { kind, customers: CUSTOMERS }),
      floor: trivialAt(services, services.yogaPort),
    }),
  ),
)
