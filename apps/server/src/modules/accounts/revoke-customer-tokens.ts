import type { Database } from '../../platform/database.ts'
import { findCustomer } from './read-customer.ts'
import type { Project } from './viewer.ts'

/** Ends every token the customer has been given so far: requests within 2 s, open sockets within 5 s. */
export async function revokeCustomerTokens(
  { database }: { database: Database },
  project: Project,
  input: { customerId: string },
): Promise<number> {
  const customer = await findCustomer(database, project, input.customerId)
  // Tokens carry whole seconds, so the second that is running is revoked with the past.
  const [row] = await database.query<{ at: number }>(
    `update customer set tokens_valid_from = date_trunc('second', now()) + interval '1 second' where pk = $1
     returning tokens_valid_from as at`,
    [customer.pk],
  )
  return (row as { at: number }).at
}
