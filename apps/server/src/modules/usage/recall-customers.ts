import { type Account, type MeterUsage, openAccount } from '@florin/core'
import { LRUCache } from 'lru-cache'
import type { Transaction } from '../../platform/database.ts'
import { type LedgerRow, readOpenGrants, type StoredAccount, toAccounts } from '../ledger/load-accounts.ts'
import type { StoredHold } from '../ledger/read-holds.ts'
import { readWatches, type StoredWatch } from '../ledger/read-watches.ts'
import type { Subscription } from '../subscriptions/read-subscriptions.ts'
import type { CustomerUsage } from './customer-usage.ts'
import { readCurrentUsage, startOf, type UsageKey } from './read-meter-usage.ts'

/** A customer at one version: whoever changes any of this makes another version. */
interface Remembered {
  readonly account: Account
  readonly watches: readonly StoredWatch[]
  /** Open holds that this process has made or changed: not all there are. */
  readonly holds: ReadonlyMap<string, StoredHold>
  readonly usage: ReadonlyMap<UsageKey, MeterUsage>
  /** Starts of the periods that `usage` is complete for. */
  readonly starts: ReadonlySet<number>
}

/** What a batch needs to know of its locked customers. */
export interface Recalled {
  readonly accounts: Map<number, StoredAccount>
  readonly watches: Map<number, readonly StoredWatch[]>
  readonly usage: Map<UsageKey, MeterUsage>
  readonly holds: StoredHold[]
}

type Live = ReadonlyMap<number, readonly Subscription[]>

/**
 * What this process wrote last of a customer is what the database has, as long as the locked row says the same version. So a
 * customer who is busy here costs no reads, however many grants they have; any other writer's version makes it read again.
 */
export interface RecallCustomers {
  (tx: Transaction, rows: readonly LedgerRow[], live: Live): Promise<Recalled>
  /** Whether a hold of one of the customers is remembered: it is recalled then, unless the locked row says another version. */
  hasHold(customerPks: readonly number[], id: string): boolean
  /** Call it when the batch has committed. `but`: customers of whom more was written than these know. */
  remember(customers: Iterable<CustomerUsage>, watches: Recalled['watches'], but: ReadonlySet<number>): void
}

/** In grants and meters: a customer counts for one more than they have. */
const MOST = 200_000

export function createRecallCustomers(): RecallCustomers {
  const known = new LRUCache<number, Remembered>({
    maxSize: MOST,
    sizeCalculation: ({ account, usage, holds }) => 1 + account.grants.length + usage.size + holds.size,
  })

  function find({ customerPk, version }: LedgerRow, live: Live): Remembered | undefined {
    const found = known.get(customerPk)
    if (found?.account.version !== version) return undefined
    const periods = live.get(customerPk) ?? []
    return periods.every(({ currentPeriodStart }) => found.starts.has(currentPeriodStart)) ? found : undefined
  }

  async function recall(tx: Transaction, rows: readonly LedgerRow[], live: Live): Promise<Recalled> {
    const recalled = rows.map((row) => ({ row, found: find(row, live) }))
    const unknown = recalled.flatMap(({ row, found }) => (found ? [] : [row]))
    const { accounts, watches, usage, holds } = await readCustomers(tx, unknown)
    for (const { row, found } of recalled) {
      if (!found) continue
      accounts.set(row.customerPk, { ...found.account, ...row })
      if (found.watches.length > 0) watches.set(row.customerPk, found.watches)
      for (const [key, counted] of found.usage) usage.set(key, counted)
      holds.push(...found.holds.values())
    }
    return { accounts, watches, usage, holds }
  }

  return Object.assign(recall, {
    hasHold: (customerPks: readonly number[], id: string) => customerPks.some((pk) => known.peek(pk)?.holds.has(id)),
    remember: (customers: Iterable<CustomerUsage>, watches: Recalled['watches'], but: ReadonlySet<number>) => {
      for (const customer of customers) {
        const { customerPk } = customer
        if (but.has(customerPk)) known.delete(customerPk)
        else known.set(customerPk, toRemembered(customer, watches.get(customerPk) ?? []))
      }
    },
  })
}

async function readCustomers(tx: Transaction, rows: readonly LedgerRow[]): Promise<Recalled> {
  if (rows.length === 0) return { accounts: new Map(), watches: new Map(), usage: new Map(), holds: [] }
  const pks = rows.map(({ customerPk }) => customerPk)
  const [grants, watches, usage] = await Promise.all([
    readOpenGrants(tx, pks),
    readWatches(tx, pks),
    readCurrentUsage(tx, pks),
  ])
  return { accounts: toAccounts(rows, grants), watches, usage, holds: [] }
}

function toRemembered(customer: CustomerUsage, watches: readonly StoredWatch[]): Remembered {
  const { account, subscriptions } = customer
  const starts = new Set(subscriptions.map(({ currentPeriodStart }) => currentPeriodStart))
  // Late usage brings periods of before: of those not all is here.
  const usage = new Map([...customer.knownUsage()].filter(([key]) => starts.has(startOf(key))))
  const open = account.grants.filter(({ closed }) => !closed)
  const trimmed = open.length === account.grants.length ? account : openAccount(account.version, open)
  const holds = new Map(customer.holdsKnown().flatMap((hold) => (hold.status === 'OPEN' ? [[hold.id, hold]] : [])))
  return { account: trimmed, watches, holds, usage, starts }
}
