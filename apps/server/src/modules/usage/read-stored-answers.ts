import { arrayOf, type Statement, type Transaction } from '../../platform/database.ts'
import type { SpendRequest, StoredResult } from './spend-request.ts'

/** What a key was answered before. */
export interface StoredAnswer {
  readonly status: 'RECORDED' | 'REFUSED' | 'VOIDED'
  readonly inputHash: string
  readonly result: StoredResult
}

const STORED: Statement = {
  name: 'usage-stored-answers',
  text: `select e.customer_pk, e.operation, e.key, e.status, e.input_hash, e.result
         from unnest($1::bigint[], $2::text[], $3::text[]) as w(customer_pk, operation, key)
         cross join lateral (
           select * from usage_event u where u.customer_pk = w.customer_pk and u.operation = w.operation and u.key = w.key
         ) e`,
}

interface Row {
  customer_pk: number
  operation: string
  key: string
  status: StoredAnswer['status']
  input_hash: string
  result: StoredResult
}

export function answerKey(request: Pick<SpendRequest, 'customerPk' | 'operation' | 'key'>): string {
  return `${request.customerPk} ${request.operation} ${request.key}`
}

/** The answers that the requests' keys have already. Race-free behind the customers' locks. */
export async function readStoredAnswers(
  tx: Transaction,
  requests: readonly SpendRequest[],
): Promise<Map<string, StoredAnswer>> {
  const rows = await tx.query<Row>(STORED, [
    arrayOf(requests.map(({ customerPk }) => customerPk)),
    arrayOf(requests.map(({ operation }) => operation)),
    requests.map(({ key }) => key),
  ])
  return new Map(
    rows.map((row) => [
      answerKey({ customerPk: row.customer_pk, operation: row.operation as SpendRequest['operation'], key: row.key }),
      { status: row.status, inputHash: row.input_hash, result: row.result },
    ]),
  )
}
