import { type Row, speedRow } from './row.ts'
import { CUSTOMERS, florin, trivialAt, YOGA_FLOOR } from './sides.ts'

/** Decide and spend, one use a request: over many customers, and all on one. */
export const consumeRows: readonly Row[] = [
  consumeRow('consume on 1,000 customers', CUSTOMERS),
  consumeRow('consume on one customer', 1),
]

function consumeRow(name: string, customers: number): Row {
  return speedRow({ topic: 'consume', name, unit: 'requests/s', floor: YOGA_FLOOR, aim: 2 }, (services) => ({
    subject: florin(services, { kind: 'consume', customers }),
    floor: trivialAt(services, services.yogaPort),
  }))
}
