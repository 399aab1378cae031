import { catchUp, openAccount } from '@florin/core'
import { type Batched, createBatcher } from '../../platform/batch.ts'
import type { Database } from '../../platform/database.ts'
import { type GrantState, storeGrant } from './grant-state.ts'
import { GRANT_COLUMNS, type GrantRow, toGrant } from './load-accounts.ts'

/** What a grant carries besides its state: read only when it is asked for. */
export interface GrantDetail {
  readonly walletId: string
  readonly customerPk: number
  readonly metadata: unknown
}

export type ReadGrantDetail = Batched<string, GrantDetail>

export function createReadGrantDetail(database: Database): ReadGrantDetail {
  return createBatcher({ concurrency: 2, capacity: 500 }, async (ids) => {
    const rows = await database.query<GrantDetail & { id: string }>(
      `select id, wallet_id as "walletId", customer_pk as "customerPk", metadata from "grant" where id = any($1::uuid[])`,
      [ids],
    )
    const byId = new Map(rows.map((row) => [row.id, row]))
    return ids.map((id) => byId.get(id) ?? new Error(`grant ${id} is missing`))
  })
}

/** A customer's grants, newest first, finished ones too, as they are at an instant: also where no sweeper has come by. */
export async function readGrants(
  database: Database,
  query: { customerPk: number; take: number; before: string | null; at: number },
): Promise<GrantState[]> {
  const rows = await database.query<GrantRow>(
    `select ${GRANT_COLUMNS} from "grant" where customer_pk = $1 and ($2::uuid is null or id < $2) order by id desc limit $3`,
    [query.customerPk, query.before, query.take],
  )
  const { grants } = catchUp(openAccount(0, rows.map(toGrant)), query.at).account
  return grants.toSorted((a, b) => (a.id < b.id ? 1 : -1)).map(storeGrant)
}

/** A grant's state as it is now. */
export async function readGrant(database: Database, id: string): Promise<GrantState> {
  const [row] = await database.query<GrantRow>(`select ${GRANT_COLUMNS} from "grant" where id = $1`, [id])
  if (!row) throw new Error(`grant ${id} is missing`)
  return storeGrant(toGrant(row))
}
