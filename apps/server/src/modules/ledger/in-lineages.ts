import { LRUCache } from 'lru-cache'
import { arrayOf, type Database, type Statement, type Transaction } from '../../platform/database.ts'
import type { LedgerRow } from './load-accounts.ts'

/** Who stands above each of the customers: parent, grandparent and so on; empty for those who have none. */
export type Lineages = ReadonlyMap<number, readonly number[]>

/** Runs work that locks customers with all who stand above them. */
export type InLineages = <Result>(
  customerPks: readonly number[],
  work: (lineages: Lineages) => Promise<Result>,
) => Promise<Result>

const REMEMBERED = 200_000

const ANCESTORS: Statement = {
  name: 'ledger-ancestors',
  text: `with recursive up(customer_pk, ancestor_pk, height) as (
           select customer_pk, parent_pk, 1 from customer_ledger
           where customer_pk = any($1::bigint[]) and parent_pk is not null
           union all
           select u.customer_pk, l.parent_pk, u.height + 1 from up u
           join customer_ledger l on l.customer_pk = u.ancestor_pk where l.parent_pk is not null)
         select customer_pk, ancestor_pk from up order by customer_pk, height`,
}

/** Somebody was moved since their lineage was looked up. */
class MovedLineage extends Error {
  constructor(readonly customerPks: readonly number[]) {
    super('a lineage has changed')
  }
}

/** Who stands above each of the customers, read from the database. */
export async function readLineages(
  from: Database | Transaction,
  customerPks: readonly number[],
): Promise<Map<number, number[]>> {
  const lineages = new Map<number, number[]>(customerPks.map((pk) => [pk, []]))
  const rows = await from.query<{ customer_pk: number; ancestor_pk: number }>(ANCESTORS, [arrayOf(customerPks)])
  for (const { customer_pk, ancestor_pk } of rows) lineages.get(customer_pk)?.push(ancestor_pk)
  return lineages
}

/**
 * Locks are taken in one statement, in order, so who stands above a customer has to be known before them: it is remembered,
 * and checked behind the locks. Work that finds it wrong (`checkLineages`) is taken back and runs again.
 */
export function createInLineages(database: Database): InLineages {
  const known = new LRUCache<number, readonly number[]>({ max: REMEMBERED })
  const read = async (customerPks: readonly number[]): Promise<Lineages> => {
    const unknown = customerPks.filter((pk) => !known.has(pk))
    const found = unknown.length > 0 ? await readLineages(database, unknown) : new Map<number, number[]>()
    for (const [pk, ancestors] of found) known.set(pk, ancestors)
    return new Map(customerPks.map((pk) => [pk, found.get(pk) ?? known.get(pk) ?? []]))
  }
  return async (customerPks, work) => {
    for (;;) {
      try {
        return await work(await read(customerPks))
      } catch (error) {
        if (!(error instanceof MovedLineage)) throw error
        for (const pk of error.customerPks) known.delete(pk)
      }
    }
  }
}

/**
 * The customers and all above them, in the order in which everybody locks them: from the roots down. Whoever has the lock of
 * a payer may then lock those below: nobody else can have them and wait for the payer.
 */
export function inLockOrder(lineages: Lineages): number[] {
  const depths = new Map<number, number>()
  for (const [pk, ancestors] of lineages) {
    depths.set(pk, ancestors.length)
    for (const [index, ancestor] of ancestors.entries()) depths.set(ancestor, ancestors.length - 1 - index)
  }
  return [...depths].sort(([a, above], [b, below]) => above - below || a - b).map(([pk]) => pk)
}

/** Throws, to be caught by `InLineages`, if the locked customers stand below others than those who were looked up. */
export function checkLineages(lineages: Lineages, rows: readonly LedgerRow[]): void {
  const parents = new Map(rows.map(({ customerPk, parentPk }) => [customerPk, parentPk]))
  const isAsKnown = (line: readonly number[]) =>
    line.every((pk, index) => (parents.get(pk) ?? null) === (line[index + 1] ?? null))
  const moved = [...lineages].filter(([pk, ancestors]) => !isAsKnown([pk, ...ancestors]))
  if (moved.length > 0) throw new MovedLineage(moved.map(([pk]) => pk))
}
