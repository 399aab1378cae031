import type { Side } from '../rounds.ts'
import type { Services } from '../services.ts'
import { type Row, speedRow } from './row.ts'
import { CUSTOMERS, florin } from './sides.ts'

const EVENTS_PER_REQUEST = 100
/** The same for both sides. */
const CONNECTIONS = 32

/** Usage as it happened, in requests of 100 events. The floor spreads over 1,000 customers in both rows: its best case. */
export const recordUsageRows: readonly Row[] = [
  recordUsageRow('recordUsage on 1,000 customers', CUSTOMERS),
  recordUsageRow('recordUsage on one customer', 1),
]

function recordUsageRow(name: string, customers: number): Row {
  const floor = 'one event per transaction, raw pg, 32 connections'
  return speedRow({ topic: 'recordUsage', name, unit: 'events/s', floor, aim: 6 }, (services) => ({
    subject: florin(services, { kind: 'recordUsage', customers, eventsPerRequest: EVENTS_PER_REQUEST }, CONNECTIONS),
    floor: oneByOne(services),
  }))
}

function oneByOne({ postgresFloor, databaseUrl: url }: Services): Side {
  return async (seconds) => {
    const perSecond = await postgresFloor.ask({ url, connections: CONNECTIONS, customers: CUSTOMERS, seconds })
    return { perSecond, latency: null, acknowledged: 0 }
  }
}
